import MartletSystemd
import Testing

struct ServiceNoticeTests {
    @Test(arguments: [
        (ServiceNotice.ready(status: "serving"), "READY=1\nSTATUS=serving"),
        (.reloading(since: 17), "RELOADING=1\nMONOTONIC_USEC=17\nSTATUS=reloading"),
        (.stopping(status: "draining"), "STOPPING=1\nSTATUS=draining"),
        (.status("well"), "STATUS=well"),
        (.failed(number: 98, status: "in use"), "ERRNO=98\nSTATUS=in use"),
        (.failed(number: 0, status: "wrong"), "STATUS=wrong"),
        (.alive, "WATCHDOG=1"),
        (.extendingStart(microseconds: 5, status: "half"), "EXTEND_TIMEOUT_USEC=5\nSTATUS=half"),
    ])
    func isWrittenAsSystemdReadsIt(notice: ServiceNotice, text: String) {
        #expect(notice.text == text)
    }

    @Test func aStatusCannotBecomeAnAssignment() {
        #expect(ServiceNotice.status("bad\nREADY=1\r\nWATCHDOG=trigger").text == "STATUS=bad READY=1  WATCHDOG=trigger")
    }
}
