/// The events of the daemon's life that are explained in journald's catalogue (`systemd/martletd.catalog`): each has an
/// identity of its own by which it is found whatever its words, `journalctl MESSAGE_ID=…`, and explained, `journalctl
/// -x`.
package enum CataloguedEvent: String, CaseIterable, Sendable {
    case started = "2ad1d8ded1404446813466c6f6c45a42"
    case draining = "569ce10bafd04496b06753911bef27ba"
    case stopped = "27773518086244fb9f0551828a49f700"
    case startFailed = "c93a6be0c5b6462da5b77ef47383d2be"
    case reloaded = "ae8c2bfe41d64db0b320afeb7a0624eb"
    case reloadRefused = "8e6b20f191a8468aa806c90fc53bec23"
    case restartNeeded = "16bc9a69b6b24462bfe18d0d1784e9c5"
    case addressIgnored = "227fad0b6a7f48f282954e7bdac0ac1a"
    case acceptingPaused = "98e3624f96e5444592adf319767f9b59"
    case tooManyConnections = "930f52deb6774c3f86d5a409fa1f7c61"
    case slowPeer = "c011f0e1023a453c8a769e5ebcd033c6"
    case loopStuck = "01e06ed4e168434086a9e533e1c8ef1f"
    case recovered = "733632c8cac54cd99a6f85f163b3d5d7"
    case journalTorn = "c0faa5e7f1914cad821fa39798a18b71"
    case journalFailed = "8850329f77b94c78a7e070c1a2b2ca32"
    case journalFull = "ea8dd7e2015c4bc09ff0396d978c38ad"
    case journalUsedUp = "5a1c6e0fb3d94c0e8a77d2f4916bc853"
    case messagesElsewhere = "e9e493254994485488960ec9f7f01399"
    case dumpFailed = "0d4411cd2364440ca4bd5d083bc72021"
    case declarationRefused = "cc2f29821b6d4147ab9684dd389903f1"
}
