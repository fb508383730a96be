/// How the daemon ends, for scripts and for the unit's log; numbers as in sysexits.h.
enum ExitStatus: Int32 {
    case success = 0
    /// An option is unknown or has a wrong value.
    case usage = 64
    /// Nothing of a journal that was repaired could be read.
    case data = 65
    /// An address to listen on is taken.
    case addressInUse = 69
    /// The system refused something that it usually grants.
    case operatingSystem = 71
    /// The journal is damaged, in use by another process, or cannot be written any more; or its directory cannot be
    /// made or entered.
    case journal = 74
    /// A socket file cannot be made.
    case cannotCreate = 73
    /// Listening on an address needs a right that we do not have.
    case notPermitted = 77
    /// The configuration file or the environment is wrong.
    case configuration = 78
}
