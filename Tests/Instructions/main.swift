// Carries out a fixed script of requests through parser and core, so that a tool that counts instructions or
// allocations (check.sh) measures these two and nothing else: no socket, no clock, no chance.

let turns = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 200
let script = RequestScript()
let place = Unmanaged.passRetained(script).toOpaque()
for _ in 0..<100 {
    script.send()
    script.receive()
    script.delete()
}
for _ in 0..<turns {
    measuredSends(place)
    measuredReceives(place)
    measuredDeletes(place)
}
print("\(turns) turns of \(RequestScript.depth) requests of each kind: \(script.replyBytes) bytes of replies")
