/// What a run came to.
struct Report {
    let scenario: Scenario
    let target: Target
    let options: LoadOptions
    let measurements: [Measurement]

    var text: String {
        let title = "\(target.peer.rawValue) at \(target.address): \(options.summary(scenario, for: target.peer))"
        return title + "\n" + TextTable(measurements).text
    }

    var json: String {
        JSONText.object([
            ("scenario", JSONText.string(scenario.rawValue)),
            ("peer", JSONText.string(target.peer.rawValue)),
            ("server", JSONText.string("\(target.address)")),
            ("load", JSONText.string(options.summary(scenario, for: target.peer))),
            ("measurements", JSONText.array(measurements.map(json))),
        ])
    }

    private func json(_ measurement: Measurement) -> String {
        JSONText.object(
            [("name", JSONText.string(measurement.name))]
                + measurement.figures.map { ($0.key, JSONText.number($0.value)) }
        )
    }
}
