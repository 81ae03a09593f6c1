/// Who may import whom: the modules of this package, from the floor of the building upwards.
///
/// Three floors: protocol and storage (the daemon), the contract, and numerics (the worker). No arrow leads from a
/// lower floor to a higher one, nor between the daemon's side and the worker's but through the contract.
enum ImportTable {
    static let systemLibraries: Set = [
        "CSQLite", "COpenBLAS", "CCrypto", "CTLS", "CZlib", "CKernels", "CLinux", "CAllocationCount",
    ]

    /// Modules of the toolchain, which anyone may import.
    static let toolchain: Set = ["Foundation", "FoundationNetworking", "Glibc", "Musl", "Synchronization", "Dispatch"]

    static let allowed: [String: Set<String>] = [
        // Foundations
        "JSON": [],
        "POSIX": ["CLinux"],
        "Cryptography": ["CCrypto"],
        "Arguments": ["JSON"],
        // The daemon's side
        "ModelHub": ["Cryptography", "JSON", "POSIX"],
        "SQLite": ["CSQLite"],
        "HTTP": ["POSIX", "CLinux", "CZlib"],
        "Storage": ["Cryptography", "FineTuning", "JSON", "POSIX", "RunDirectory", "SQLite"],
        "Webhooks": ["CTLS", "Cryptography", "FineTuning", "JSON", "POSIX", "Storage"],
        "Scheduling": ["FineTuning", "JSON", "POSIX", "RunDirectory", "Storage"],
        "API": ["Cryptography", "FineTuning", "HTTP", "JSON", "POSIX", "RunDirectory", "Scheduling", "Storage"],
        "finetuned": [
            "API", "Arguments", "Cryptography", "FineTuning", "HTTP", "JSON", "ModelHub", "POSIX", "SQLite",
            "Scheduling",
            "Storage", "Webhooks",
        ],
        // The contract
        "FineTuning": ["JSON"],
        "RunDirectory": ["Cryptography", "FineTuning", "JSON", "POSIX"],
        // The worker's side
        "Tensors": ["CKernels", "COpenBLAS"],
        "Safetensors": ["JSON"],
        "Tokenizers": ["JSON"],
        "Models": ["JSON", "Safetensors", "Tensors"],
        "Datasets": ["CZlib", "FineTuning", "JSON", "Tokenizers"],
        "Training": [
            "Cryptography", "Datasets", "FineTuning", "JSON", "Models", "POSIX", "RunDirectory", "Safetensors",
            "Tensors",
            "Tokenizers",
        ],
        "finetune-worker": ["Arguments", "FineTuning", "JSON", "POSIX", "RunDirectory", "Tensors", "Training"],
        // Measurements, which may look at both sides
        "Benchmarks": ["Arguments", "CAllocationCount", "HTTP", "JSON", "Models", "POSIX", "Tensors"],
    ]

    static let daemonSide: Set = [
        "ModelHub", "SQLite", "HTTP", "Storage", "Scheduling", "Webhooks", "API", "finetuned",
    ]
    static let workerSide: Set = [
        "Tensors", "Safetensors", "Tokenizers", "Models", "Datasets", "Training", "finetune-worker",
    ]
}
