/// martletd(8).
enum DaemonPage {
    static func page(_ help: ToolHelp) -> ManualPage {
        ManualPage(
            name: "martletd",
            section: 8,
            summary: "message broker",
            text: """
                ## Synopsis
                \(help.command.synopsis)

                ## Description
                \(help.command.abstract ?? "")

                \(help.command.discussion ?? "")

                ## Options
                \(help.command.options)
                \(prose)
                """
        )
    }

    private static let prose = """
        ## Signals
        SIGTERM, SIGINT
        : Drain and end: let nobody in, answer `draining` to new work, answer what has arrived, close, exit with 0. \
        What \
        is not done after drain_timeout is cut off. A second one ends at once; under `memory`, with dump_on_stop, it \
        cuts off at once, and the dump is written.

        SIGHUP
        : Read the configuration again. A file with a mistake changes nothing, and the log says what is wrong.

        ## As a service
        **martletd.socket** holds the sockets and **martletd.service** serves them. The sockets passed by systemd \
        take the \
        place of `listen` and `unix` of the configuration; to listen elsewhere, change the socket unit:

        ```
        # systemctl edit martletd.socket
        [Socket]
        ListenStream=
        ListenStream=192.0.2.1:6278
        ListenStream=/run/martlet/martlet.sock
        ```

        An address that only the configuration has is named in the log: it has no effect.

        What each verb of systemctl(1) does to messages and leases is for the setting `durability` to say (see \
        **Durability** below):

        `systemctl start martletd`
        : Returns when the broker serves.

        `systemctl reload martletd`
        : Reads the configuration again and returns when it is in force, or fails and says why it is not. Messages and \
        connections are not touched.

        `systemctl restart martletd`
        : Drains, ends and starts. Connections are closed after their replies; who connects meanwhile waits and is \
        served \
        by the new process, nobody is refused. Messages and leases are **lost** under `none`, else kept.

        `systemctl stop martletd`
        : Drains and ends. Messages and leases are **lost** under `none`, dumped to the state directory for the next \
        start under `memory`, kept under `disk`. The socket goes on listening, and the next connection \
        starts \
        the service again.

        `systemctl stop martletd.socket`
        : Stops both, and for good: who connects is refused.

        `systemctl kill -s KILL martletd`, a crash, the watchdog
        : The service is started again after RestartSec=. Connections break; new ones wait. Messages and leases are \
        **lost** under `none`, else kept.

        `systemctl status martletd`
        : Shows how many queues, ready messages, connections and messages a second there are.

        To bound who may connect, say so where the sockets are, for example:

        ```
        # systemctl edit martletd.socket
        [Socket]
        IPAddressDeny=any
        IPAddressAllow=localhost 192.0.2.0/24
        ```

        The service has no network of its own. Where the broker itself is to open the sockets that the configuration \
        names (who connects while it restarts is then refused):

        ```
        # systemctl mask --now martletd.socket
        # systemctl edit martletd.service
        [Service]
        PrivateNetwork=no
        RestrictAddressFamilies=AF_INET AF_INET6
        ```

        ## Durability
        `none`
        : Messages live as long as the process.

        `memory`
        : They outlive the process, in memory that systemd holds meanwhile: a crash, a kill, a restart, an upgrade. \
        Needs to run as a service, with FileDescriptorStoreMax= not below max_descriptors (with systemd 254 and later \
        the start is refused otherwise). `systemctl stop` and a \
        reboot drop that memory, so with dump_on_stop everything is written to the state directory on SIGTERM and \
        read by the next start. (systemd 254 and later: FileDescriptorStorePreserve=yes.) A power cut loses all.

        `disk`
        : They outlive the machine's power, in a journal in files. A change is answered when it is synced; with \
        `sync: {every: 0.1}` it is answered at once, and a power cut may take what is younger than that.

        No consumer is shown a message before it is so durable. Leases go on after a start, with their receipts; \
        those that end with their connection for lease_grace at most. Totals begin at nothing.

        Without space for the journal, sends are answered `not_durable` and settling goes on; when there is space \
        again, so do sends. When a write or a sync fails, nothing can be changed until a restart, or the daemon ends \
        with 74 (on_journal_failure). A damaged journal is not started with, and the message says where the damage is.

        ## Looking into a journal
        While no daemon runs, as its user; DIRECTORY is the data directory, or that of a journal or a dump. Exit code \
        74 says that the journal is damaged, in use, not there, or of a later release, or that not all of the output \
        could be written. All but repair change nothing. (Of the daemon itself, 74 also says that data_dir cannot be \
        made or entered.)

        `martletd journal check DIRECTORY`
        : Read all of it as a start does, and say for each segment whether it is good.

        `martletd journal repair DIRECTORY`
        : Keep everything that can be read, and set the damaged files aside in a folder. Deletes no file; may be run \
        again when it was interrupted. Exit code 65: nothing at all was readable. What is lost may be the \
        deletion of a message, which then is there again.

        `martletd journal dump DIRECTORY`
        : Print its records, one JSON object a line, as far as they can be read.

        `martletd journal export DIRECTORY`
        : Print the messages that a daemon would start with, one JSON object a line; what has expired is left out.

        ## Environment
        `MARTLET_...`
        : Every setting but `queues`, `queue_defaults` and `bindings`, its name in capitals: `MARTLET_MAX_LINE`. One \
        that is no setting is named in the log.

        `MARTLET_CONFIG`
        : The configuration file.

        `NOTIFY_SOCKET`, `WATCHDOG_USEC`, `LISTEN_FDS`, `LISTEN_FDNAMES`, `FDSTORE`, `JOURNAL_STREAM`, \
        `RUNTIME_DIRECTORY`, `STATE_DIRECTORY`
        : Set by systemd: whom to tell that the broker is ready and alive, inherited sockets (named `martlet`), \
        how many descriptors it keeps, \
        whether \
        the log goes to journald with its fields, where `--reload` finds the broker, and where the journal is unless \
        data_dir says. Without them the broker runs as \
        any other program does.

        ## Files
        /etc/martlet/martletd.json5
        : The configuration of the service.

        /var/lib/martlet
        : The journal, under `disk`, or the dump, under `memory`; for the broker's own user.

        /run/martlet/martlet.sock
        : The Unix socket of the service, for members of the group martlet.

        /run/martlet/control
        : Where `martletd --reload` asks; for root and the broker's own user.

        ## Log
        Under systemd each line has fields: `MARTLET_QUEUE`, `MARTLET_PEER`, `MARTLET_SETTING`, `PRIORITY`, \
        `CODE_FILE` and, for \
        events that `journalctl -x` explains, `MESSAGE_ID`.

        ## See also
        martlet(1), martletd.json5(5), martlet-protocol(7), systemctl(1), systemd.socket(5)
        """
}
