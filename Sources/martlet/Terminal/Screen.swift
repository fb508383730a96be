import Glibc

/// The whole terminal: nothing is echoed, keys come at once, and and what was on it comes back at the end.
struct Screen: ~Copyable {
    private let before: termios

    /// Nil if standard input and output are not a terminal.
    static func take() -> Screen? {
        var before = termios()
        guard isatty(STDIN_FILENO) == 1, StandardOutput.isTerminal, tcgetattr(STDIN_FILENO, &before) == 0 else {
            return nil
        }
        return Screen(before)
    }

    private init(_ before: termios) {
        self.before = before
        var raw = before
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
        tcsetattr(STDIN_FILENO, TCSANOW, &raw)
        // The second screen, without a cursor.
        draw(text: "\u{1B}[?1049h\u{1B}[?25l")
    }

    /// Restored also when an error is on its way out.
    deinit {
        draw(text: "\u{1B}[?25h\u{1B}[?1049l")
        var before = before
        tcsetattr(STDIN_FILENO, TCSANOW, &before)
    }

    /// Columns and rows; 80 × 24 if the terminal does not say.
    var size: (width: Int, height: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Replaces what is shown, without flicker: each line is overwritten and cleared from its end.
    func draw(_ lines: [String]) {
        draw(text: "\u{1B}[H" + lines.joined(separator: "\u{1B}[K\r\n") + "\u{1B}[K\u{1B}[J")
    }

    private func draw(text: String) {
        let bytes = Array(text.utf8)
        // A terminal that has gone is told to the program by SIGHUP.
        _ = write(STDOUT_FILENO, bytes, bytes.count)
    }
}
