// swift-tools-version: 6.2
// The map of the house: each target is a room, and arrows of import only go down this list.
// `docs/architecture.md` tells what each room is for; `Tests/TidyTests` holds the rules.

import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  // Two uses of one value at a time are looked for in debug builds, and so by the tests; a look for each use of a class's
  // property is a twentieth of what a lane costs.
  .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

/// Asked for by `make thread-sanitizer`: rooms in which threads meet, and their tests, are watched for races. It cannot be
/// asked of the compiler for all: Swift 6.3.1 breaks on the engine then, which knows no threads.
let watchesThreads = Context.environment["USHER_THREAD_SANITIZER"] != nil
let threaded = ["Kafka", "Telemetry", "ProfileStore", "Pipeline", "KafkaTestSupport", "KafkaTests", "PipelineTests"]

func settings(of name: String) -> [SwiftSetting] {
  strict + (watchesThreads && threaded.contains(name) ? [.unsafeFlags(["-sanitize=thread"])] : [])
}

func room(_ name: String, uses dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings(of: name))
}

func tests(of name: String, using dependencies: [Target.Dependency], beside files: [String] = []) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: files, swiftSettings: settings(of: name),
    linkerSettings: watchesThreads ? [.unsafeFlags(["-sanitize=thread"])] : [])
}

/// A C library of the distribution, as it stands: one module map and one header.
func library(_ name: String, pkgConfig: String, package: String) -> Target {
  .systemLibrary(name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

let package = Package(
  name: "usher",
  products: [
    .executable(name: "usher", targets: ["usher"]), .executable(name: "usher-bench", targets: ["usher-bench"]),
    .executable(name: "usher-sim", targets: ["usher-sim"]),
  ],
  targets: [
    // The command line: one file a verb.
    .executableTarget(
      name: "usher",
      dependencies: [
        "Delivery", "Pipeline", "ProfileStore", "Engine", "Audiences", "Events", "Kafka", "Telemetry", "YAML",
        "Compression",
      ],
      swiftSettings: strict),

    // The runs of the standard workload that need a broker.
    .executableTarget(
      name: "usher-bench", dependencies: ["Kafka", "Events"], path: "bench/Runs", swiftSettings: strict),

    // What goes out, and what runs.
    room("Delivery", uses: ["Kafka", "HTTP", "Events", "Telemetry", "YAML", "CSQLite", "CPostgres"]),
    room("Pipeline", uses: ["Engine", "ProfileStore", "Kafka", "Audiences", "Events"]),
    room("ProfileStore", uses: ["Engine", "Audiences", "Events", "CRocksDB"]),

    // Who is in, what that means, and what happened: no I/O, no clock, no threads.
    room("Engine", uses: ["Audiences", "Events", "CMemory"]),
    room("Audiences", uses: ["Events", "YAML"]),
    room("Events", uses: ["YAML", "CSimdjson", "CCrypto", "CPhoneNumber"]),

    // The ground: each wraps one thing.
    room("Kafka", uses: ["CKafka"]),
    room("HTTP", uses: ["CCurl"]),
    room("Telemetry"),
    room("YAML", uses: ["CYAML"]),
    room("Compression", uses: ["CZlib", "CZstd"]),

    // Sources/System: one small target a C or C++ library.
    library("CKafka", pkgConfig: "rdkafka", package: "librdkafka-dev"),
    library("CCurl", pkgConfig: "libcurl", package: "libcurl4-openssl-dev"),
    library("CYAML", pkgConfig: "yaml-0.1", package: "libyaml-dev"),
    library("CSQLite", pkgConfig: "sqlite3", package: "libsqlite3-dev"),
    library("CPostgres", pkgConfig: "libpq", package: "libpq-dev"),
    library("CCrypto", pkgConfig: "libcrypto", package: "libssl-dev"),
    library("CZlib", pkgConfig: "zlib", package: "zlib1g-dev"),
    library("CZstd", pkgConfig: "libzstd", package: "libzstd-dev"),
    .systemLibrary(name: "CMemory", path: "Sources/System/CMemory"),
    .target(
      name: "CSimdjson",
      path: "Sources/System/CSimdjson",
      cxxSettings: [.unsafeFlags(["-O3", "-Wall", "-Wextra"])],
      linkerSettings: [.linkedLibrary("simdjson")]),
    .target(
      name: "CPhoneNumber",
      path: "Sources/System/CPhoneNumber",
      cxxSettings: [.unsafeFlags(["-O3", "-Wall", "-Wextra"])],
      linkerSettings: [.linkedLibrary("phonenumber")]),
    .target(
      name: "CRocksDB",
      path: "Sources/System/CRocksDB",
      cxxSettings: [.unsafeFlags(["-O3", "-Wall", "-Wextra"])],
      linkerSettings: [.linkedLibrary("rocksdb")]),

    // Tests mirror Sources.
    tests(of: "TidyTests", using: []),
    tests(of: "YAMLTests", using: ["YAML"]),
    .target(
      name: "CompressionTestSupport", dependencies: ["CZlib", "CZstd"], path: "Tests/CompressionTestSupport",
      swiftSettings: strict),
    tests(of: "CompressionTests", using: ["Compression", "CompressionTestSupport"]),
    tests(of: "EventsTests", using: ["Events"]),
    tests(of: "AudiencesTests", using: ["Audiences", "Events", "YAML"], beside: ["Wrong"]),
    tests(of: "EngineTests", using: ["Engine", "Pipeline", "Audiences", "Events", "YAML", "Judge"]),
    tests(of: "ProfileStoreTests", using: ["ProfileStore", "Engine", "Audiences", "Events", "Judge"]),
    .target(
      name: "KafkaTestSupport", dependencies: ["Kafka"], path: "Tests/KafkaTestSupport",
      swiftSettings: settings(of: "KafkaTestSupport")),
    tests(of: "KafkaTests", using: ["Kafka", "KafkaTestSupport"]),
    tests(
      of: "PipelineTests",
      using: [
        "Pipeline", "ProfileStore", "Engine", "Kafka", "KafkaTestSupport", "Judge", "Simulation", "Audiences", "Events",
        "YAML",
      ]),
    .target(
      name: "HTTPTestSupport", path: "Tests/HTTPTestSupport", swiftSettings: settings(of: "HTTPTestSupport")),
    tests(of: "HTTPTests", using: ["HTTP", "HTTPTestSupport"]),
    tests(
      of: "DeliveryTests",
      using: ["Delivery", "Kafka", "KafkaTestSupport", "HTTP", "HTTPTestSupport", "Events", "YAML"]),
    tests(
      of: "CommandLineTests",
      using: ["usher", "Compression", "Engine", "Kafka", "Audiences", "Events", "YAML", "CompressionTestSupport"]),
    tests(of: "BenchTests", using: ["usher-bench"]),

    // A world with every fault that there is, for lanes, in an order that one number decides.
    .target(
      name: "Simulation",
      dependencies: ["Pipeline", "ProfileStore", "Engine", "Kafka", "Audiences", "Events", "YAML", "Judge"],
      path: "Tests/Simulation", swiftSettings: strict),
    .executableTarget(
      name: "usher-sim", dependencies: ["Simulation"], path: "Tests/SimulationRuns", swiftSettings: strict),

    // The definition by brute force, that the engine is held against; optimised, for it is most of the tests' work.
    .target(name: "Judge", path: "Tests/Judge", swiftSettings: strict + [.unsafeFlags(["-O"])]),
    tests(of: "JudgeTests", using: ["Judge"]),
  ],
  cxxLanguageStandard: .cxx17
)

// The other tests, and what is run by itself, need not be built for it.
if watchesThreads {
  package.targets.append(
    .target(
      name: "ThreadSanitizer", path: "Tests/ThreadSanitizer", cSettings: [.unsafeFlags(["-fsanitize=thread"])]))
  for target in package.targets where target.name == "KafkaTestSupport" {
    target.dependencies.append("ThreadSanitizer")
  }
  package.products = []
  package.targets.removeAll { $0.type == .executable || $0.type == .test && !threaded.contains($0.name) }
}

// Only where it is asked for (`make fuzz`): a fuzzer has a main function of its own.
if Context.environment["USHER_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz-definitions", dependencies: ["Audiences", "Events", "YAML"], path: "Tests/Fuzzing", exclude: ["run"],
      swiftSettings: strict, linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]))
}
