// swift-tools-version: 6.1
import PackageDescription

/// Dependencies point down only: a target may import what is listed for it here and nothing else
/// (checked in CI by `--explicit-target-dependency-import-check error`).
let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
]

/// For the targets on the daemon's hot path. Debug builds, and so all tests, check exclusive access at run time; in a
/// release build these checks were a third of the server's CPU time (2.5 against 1.6 µs for a message sent, received and
/// deleted, 16 connections with 64 requests in flight each). No product for other packages contains these targets.
let coreSettings: [SwiftSetting] =
    swiftSettings + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

/// All addresses of shared libraries are looked up at the start and cannot be changed afterwards.
let hardened: [LinkerSetting] = [.unsafeFlags(["-Xlinker", "-z", "-Xlinker", "now"])]

let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")

let package = Package(
    name: "martlet",
    products: [
        .executable(name: "martletd", targets: ["martletd"]),
        .executable(name: "martlet", targets: ["martlet"]),
        .executable(name: "martlet-bench", targets: ["martlet-bench"]),
        .library(name: "MartletClient", targets: ["MartletClient"]),
    ],
    dependencies: [
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .target(name: "CLinux"),
        .target(name: "MartletProtocol", swiftSettings: swiftSettings),
        .target(name: "MartletBroker", dependencies: ["MartletProtocol"], swiftSettings: coreSettings),
        .target(
            name: "MartletServer",
            dependencies: ["CLinux", "MartletBroker", "MartletJournal", "MartletProtocol"],
            swiftSettings: coreSettings
        ),
        .target(name: "CChecksum"),
        .target(name: "MartletJournal", dependencies: ["CChecksum"], swiftSettings: coreSettings),
        .target(name: "MartletDisk", dependencies: ["CLinux", "MartletJournal"], swiftSettings: coreSettings),
        .target(name: "CSystemd", linkerSettings: [.linkedLibrary("systemd")]),
        .target(name: "MartletSystemd", dependencies: ["CLinux", "CSystemd", log], swiftSettings: swiftSettings),
        .executableTarget(
            name: "martletd",
            dependencies: [
                "CLinux", "MartletBroker", "MartletDisk", "MartletJournal", "MartletProtocol", "MartletServer",
                "MartletSystemd", log, argumentParser,
            ],
            swiftSettings: swiftSettings,
            linkerSettings: hardened
        ),
        .target(name: "MartletClient", dependencies: ["MartletProtocol"], swiftSettings: swiftSettings),
        .executableTarget(
            name: "martlet",
            dependencies: ["MartletClient", argumentParser],
            swiftSettings: swiftSettings,
            linkerSettings: hardened
        ),
        .executableTarget(
            name: "martlet-bench",
            dependencies: ["CLinux", argumentParser, histogram],
            swiftSettings: coreSettings
        ),
        .executableTarget(
            name: "martlet-instructions",
            dependencies: ["MartletBroker", "MartletProtocol"],
            path: "Tests/Instructions",
            exclude: ["check.sh", "figures.txt"],
            swiftSettings: coreSettings,
            // Nothing in it imports Glibc, which would link it.
            linkerSettings: [.linkedLibrary("m")]
        ),
        .executableTarget(
            name: "martlet-service-probe",
            dependencies: ["MartletSystemd"],
            path: "Tests/systemd/Probe",
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "martlet-audit",
            dependencies: [argumentParser],
            path: "Tests/Audit",
            swiftSettings: swiftSettings
        ),
        .testTarget(name: "MartletBenchTests", dependencies: ["martlet-bench"], swiftSettings: swiftSettings),
        .executableTarget(
            name: "martlet-manual",
            dependencies: ["MartletProtocol", argumentParser],
            swiftSettings: swiftSettings
        ),
        .testTarget(name: "MartletProtocolTests", dependencies: ["MartletProtocol"], swiftSettings: swiftSettings),
        .target(
            name: "MartletSimulatedDisk",
            dependencies: ["MartletJournal"],
            path: "Tests/MartletSimulatedDisk",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "MartletJournalTests",
            dependencies: ["CChecksum", "MartletJournal", "MartletSimulatedDisk"],
            exclude: ["Fixtures"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "MartletDiskTests",
            dependencies: [
                "CLinux", "MartletDisk", "MartletJournal", "MartletSimulatedDisk", "martlet-journal-bench",
            ],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "martlet-journal-bench",
            dependencies: ["CLinux", "MartletDisk", "MartletJournal"],
            path: "Tests/JournalBench",
            swiftSettings: coreSettings
        ),
        .target(
            name: "MartletTranscripts",
            path: "Tests/MartletTranscripts",
            exclude: ["Conversations"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "MartletBrokerTests",
            dependencies: [
                "MartletBroker", "MartletDisk", "MartletJournal", "MartletProtocol", "MartletServer",
                "MartletSimulatedDisk", "MartletTranscripts",
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "MartletServerTests",
            dependencies: ["CLinux", "MartletServer", "MartletBroker", "MartletJournal", "MartletProtocol"],
            swiftSettings: swiftSettings
        ),
        .testTarget(name: "MartletClientTests", dependencies: ["MartletClient"], swiftSettings: swiftSettings),
        .testTarget(
            name: "martletTests",
            dependencies: ["martlet", "martletd", "MartletClient"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "MartletSystemdTests",
            dependencies: ["MartletSystemd", "martletd"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "martletdTests",
            dependencies: [
                "CLinux", "MartletDisk", "MartletJournal", "MartletTranscripts", "martlet", "martletd",
            ],
            exclude: ["Fixtures"],
            swiftSettings: swiftSettings
        ),
        .testTarget(name: "TidyTests", dependencies: ["MartletProtocol"], swiftSettings: swiftSettings),
    ],
    swiftLanguageModes: [.v6]
)
