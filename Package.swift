// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target is built with.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// A C library of the system, found by pkg-config.
func library(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

func module(_ name: String, _ dependencies: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies.map { .byName(name: $0) }, swiftSettings: settings)
}

func program(_ name: String, _ dependencies: [String]) -> Target {
    .executableTarget(name: name, dependencies: dependencies.map { .byName(name: $0) }, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [String], resources: [Resource] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies.map { .byName(name: $0) }, exclude: exclude, resources: resources,
        swiftSettings: settings)
}

let package = Package(
    name: "finetuned",
    products: [
        .executable(name: "finetuned", targets: ["finetuned"]),
        .executable(name: "finetune-worker", targets: ["finetune-worker"]),
        .executable(name: "Benchmarks", targets: ["Benchmarks"]),
    ],
    targets: [
        // System libraries.
        library("CSQLite", pkgConfig: "sqlite3", apt: "libsqlite3-dev"),
        library("COpenBLAS", pkgConfig: "openblas", apt: "libopenblas-dev"),
        library("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
        library("CTLS", pkgConfig: "libssl", apt: "libssl-dev"),
        library("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
        .systemLibrary(name: "CLinux"),

        // Foundations: each knows one thing of the system.
        module("JSON"),
        module("POSIX", ["CLinux"]),
        module("Cryptography", ["CCrypto"]),
        module("Arguments", ["JSON"]),

        // Protocol and storage: the daemon's side.
        module("SQLite", ["CSQLite"]),
        module("ModelHub", ["Cryptography", "JSON", "POSIX"]),
        module("HTTP", ["POSIX", "CLinux", "CZlib"]),
        module("Storage", ["FineTuning", "JSON", "POSIX", "RunDirectory", "SQLite", "Cryptography"]),
        module("Webhooks", ["CTLS", "Cryptography", "FineTuning", "JSON", "POSIX", "Storage"]),
        module("Scheduling", ["FineTuning", "JSON", "POSIX", "RunDirectory", "Storage"]),
        module(
            "API", ["FineTuning", "JSON", "HTTP", "RunDirectory", "Storage", "Scheduling", "Cryptography", "POSIX"]),

        // The contract between the daemon and its workers.
        module("FineTuning", ["JSON"]),
        module("RunDirectory", ["Cryptography", "FineTuning", "JSON", "POSIX"]),

        // Numerics: the worker's side.
        .target(
            name: "CKernels",
            cSettings: [
                .unsafeFlags(["-O2"], .when(configuration: .debug)),
                .unsafeFlags(["-O3"], .when(configuration: .release)),
            ]),
        .target(name: "CAllocationCount"),
        module("Tensors", ["CKernels", "COpenBLAS"]),
        module("Safetensors", ["JSON"]),
        module("Tokenizers", ["JSON"]),
        module("Models", ["JSON", "Tensors", "Safetensors"]),
        module("Datasets", ["CZlib", "FineTuning", "JSON", "Tokenizers"]),
        module(
            "Training",
            [
                "Cryptography", "Datasets", "FineTuning", "JSON", "Models", "POSIX", "RunDirectory", "Safetensors",
                "Tensors", "Tokenizers",
            ]),

        // Programs.
        program(
            "finetuned",
            [
                "API", "Arguments", "Cryptography", "FineTuning", "HTTP", "JSON", "ModelHub", "POSIX", "SQLite",
                "Scheduling", "Storage", "Webhooks",
            ]),
        program(
            "finetune-worker", ["Arguments", "FineTuning", "JSON", "POSIX", "RunDirectory", "Tensors", "Training"]),
        program(
            "Benchmarks",
            ["Arguments", "CAllocationCount", "HTTP", "JSON", "Models", "POSIX", "Tensors"]),

        // Tests.
        tests("ArchitectureTests", ["FineTuning"]),
        tests("JSONTests", ["JSON"]),
        .executableTarget(
            name: "confined-program", dependencies: ["POSIX"], path: "Tests/ConfinedProgram", swiftSettings: settings),
        tests("POSIXTests", ["POSIX", "confined-program"]),
        tests("CryptographyTests", ["Cryptography"]),
        tests("ArgumentsTests", ["Arguments"]),
        tests("SQLiteTests", ["SQLite"]),
        tests("ModelHubTests", ["ModelHub", "Cryptography", "HTTP", "POSIX"]),
        // Sequences that a seed repeats, for tests and fuzzing.
        .target(name: "SeededNumbers", path: "Tests/SeededNumbers", swiftSettings: settings),
        // What the parsers of requests make of bytes, for the tests and for the program that feeds them by the million.
        .target(
            name: "ParserVerdicts", dependencies: ["HTTP", "SeededNumbers"], path: "Tests/ParserVerdicts",
            swiftSettings: settings),
        .executableTarget(
            name: "fuzz",
            dependencies: ["Arguments", "HTTP", "JSON", "ParserVerdicts", "Safetensors", "SeededNumbers"],
            path: "Tests/Fuzz", exclude: ["Scripts"], swiftSettings: settings),
        tests("HTTPTests", ["HTTP", "ParserVerdicts", "POSIX", "SeededNumbers"]),
        tests("FineTuningTests", ["FineTuning", "JSON"]),
        tests("RunDirectoryTests", ["RunDirectory", "FineTuning", "JSON", "POSIX"]),
        tests("StorageTests", ["Storage", "FineTuning", "JSON", "POSIX", "RunDirectory", "SQLite"]),
        tests("WebhooksTests", ["Webhooks", "Storage", "FineTuning"]),
        .executableTarget(
            name: "scripted-worker", dependencies: ["FineTuning", "JSON", "POSIX", "RunDirectory"],
            path: "Tests/ScriptedWorker", swiftSettings: settings),
        tests(
            "SchedulingTests",
            [
                "Scheduling", "Storage", "SQLite", "RunDirectory", "FineTuning", "JSON", "POSIX", "scripted-worker",
                "finetune-worker",
            ], exclude: ["Fixtures"]),
        tests(
            "APITests",
            [
                "API", "Cryptography", "HTTP", "RunDirectory", "Storage", "Scheduling", "FineTuning", "JSON", "POSIX",
                "finetune-worker",
            ]),
        tests("TensorsTests", ["Tensors", "CKernels"]),
        tests("SafetensorsTests", ["Safetensors", "JSON", "SeededNumbers"], exclude: ["Fixtures", "Scripts"]),
        tests("TokenizersTests", ["Tokenizers", "JSON", "SeededNumbers"], exclude: ["Fixtures", "Scripts"]),
        tests(
            "ModelsTests", ["Models", "Tensors", "Safetensors", "JSON", "SeededNumbers"],
            exclude: ["Fixtures", "Scripts"]),
        tests("DatasetsTests", ["Datasets", "Tokenizers", "FineTuning", "JSON"]),
        tests(
            "TrainingTests",
            [
                "Training", "Models", "Datasets", "Tokenizers", "Safetensors", "RunDirectory", "FineTuning", "JSON",
                "POSIX",
                "Tensors", "finetune-worker",
            ],
            exclude: ["Fixtures", "Scripts"]),
        tests(
            "EndToEndTests", ["FineTuning", "JSON", "POSIX", "finetuned", "finetune-worker"],
            exclude: ["Fixtures", "Scripts"]),
        tests(
            "BrowserTests", ["FineTuning", "JSON", "POSIX", "finetuned", "finetune-worker"],
            exclude: ["Fixtures", "Scripts"]),
    ]
)
