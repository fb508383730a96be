// swift-tools-version: 6.1
import PackageDescription

/// Dependencies point down only: a target may import what is listed for it here and nothing else
/// (checked in CI by `--explicit-target-dependency-import-check error`).
let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
]

let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "martlet",
    products: [
        .executable(name: "martletd", targets: ["martletd"]),
        .executable(name: "martlet", targets: ["martlet"]),
        .library(name: "MartletClient", targets: ["MartletClient"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .target(name: "CLinux"),
        .target(name: "MartletProtocol", swiftSettings: swiftSettings),
        .target(name: "MartletBroker", dependencies: ["MartletProtocol"], swiftSettings: swiftSettings),
        .target(
            name: "MartletServer",
            dependencies: ["CLinux", "MartletBroker", "MartletProtocol"],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "martletd",
            dependencies: [
                "CLinux", "MartletBroker", "MartletProtocol", "MartletServer", log, argumentParser,
            ],
            swiftSettings: swiftSettings
        ),
        .target(name: "MartletClient", dependencies: ["MartletProtocol"], swiftSettings: swiftSettings),
        .executableTarget(
            name: "martlet",
            dependencies: ["MartletClient", argumentParser],
            swiftSettings: swiftSettings
        ),
        .testTarget(name: "MartletProtocolTests", dependencies: ["MartletProtocol"], swiftSettings: swiftSettings),
        .testTarget(
            name: "MartletBrokerTests",
            dependencies: ["MartletBroker", "MartletProtocol"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "MartletServerTests",
            dependencies: ["CLinux", "MartletServer", "MartletBroker", "MartletProtocol"],
            swiftSettings: swiftSettings
        ),
        .testTarget(name: "MartletClientTests", dependencies: ["MartletClient"], swiftSettings: swiftSettings),
        .testTarget(name: "martletdTests", dependencies: ["martletd", "martlet"], swiftSettings: swiftSettings),
    ],
    swiftLanguageModes: [.v6]
)
