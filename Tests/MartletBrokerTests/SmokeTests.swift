import Testing

@testable import MartletBroker

@Test func aMessageGoesThrough() {
    let engine = Engine()
    let a = engine.connect()
    print(a.send(#"{"op":"send","queue":"jobs","body":{"x":1}}"#))
    print(a.send(#"{"op":"send","queue":"jobs","body":"p","priority":7,"headers":{"a":1},"group":"g"}"#))
    print(a.send(#"{"op":"receive","queue":"jobs","max":5}"#))
    print(a.send(#"{"op":"delete","queue":"jobs","id":1}"#))
    print(a.send(#"{"op":"reject","queue":"jobs","id":2,"reason":"bad \"x\""}"#))
    print(a.send(#"{"op":"peek","queue":"jobs","state":"dead"}"#))
    print(a.send(#"{"op":"redrive","queue":"jobs"}"#))
    print(a.send(#"{"op":"receive","queue":"jobs"}"#))
    print(a.send(#"{"op":"receive","queue":"jobs","wait":5,"tag":"w"}"#))
    print(a.send(#"ping"#))
    let b = engine.connect()
    print(b.send(#"send jobs hello world "you""#))
    print(a.take())
    print(b.send(#"stats jobs"#))
    print(b.send(#"stats"#))
    print(b.send(#"explain jobs"#))
    a.close()
    print(b.send(#"receive jobs"#))
    engine.pass(31_000)
    print(b.send(#"receive jobs"#))
    print(b.send(#"declare"#))
    print(b.send(#"{"op":"declare","queue":"t","temporary":true,"retry_delay":{"initial":1,"factor":2,"max":300}}"#))
    print(b.send(#"{"op":"subscribe","queue":"t","tag":3}"#))
    print(
        b.send(#"{"op":"atomic","requests":[{"op":"send","queue":"t","body":1},{"op":"send","queue":"u","body":2}]}"#)
    )
    print(b.send(#"queues"#))
    print(
        b.send(#"{"op":"atomic","requests":[{"op":"send","queue":"v","body":1},{"op":"delete","queue":"u","id":2}]}"#)
    )
    print(b.send(#"queues"#))
    print(b.send(#"help send"#))
    print(b.send(#"quit"#))
}
