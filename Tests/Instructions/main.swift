// Carries out a fixed script of requests through parser and core, so that a tool that counts instructions or
// allocations (check.sh) measures these two and nothing else: no socket, no clock, no chance.

let turns = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 200
let script = RequestScript()
let place = Unmanaged.passRetained(script).toOpaque()
for turn in 0..<100 + turns {
    script.prepare()
    if turn < 100 {
        script.send()
        script.receive()
        script.delete()
    } else {
        measuredSends(place)
        measuredReceives(place)
        measuredDeletes(place)
    }
}
for turn in 0..<100 + turns {
    script.prepare()
    if turn < 100 {
        script.sendBatch()
        script.receiveBatch()
        script.deleteBatch()
    } else {
        measuredBatches(place)
        measuredBatchReceives(place)
        measuredBatchDeletes(place)
    }
}
print("\(turns) turns of \(RequestScript.depth) requests of each kind: \(script.replyBytes) bytes of replies")
