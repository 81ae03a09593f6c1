import CLinux
import Glibc

/// A set of rules of Landlock (landlock(7), Linux 5.13): what is handled and not allowed is refused.
struct Landlock: ~Copyable {
    /// What is allowed below a path.
    enum Access {
        case read
        case write
    }

    private let rules: FileDescriptor
    private let version: Int

    /// The version of the kernel's interface; 0 where it has none, or does not let this process use it.
    static var version: Int { max(0, system_call(createCall, 0, 0, versionFlag, 0)) }

    /// Whether the kernel filters system calls.
    static var hasCallFilter: Bool { process_control(PR_GET_SECCOMP, 0) >= 0 }

    /// Rules that allow nothing yet.
    ///
    /// - Parameter version: of the kernel's interface, at least 1.
    init(version: Int) throws(SystemCallError) {
        self.version = version
        // struct landlock_ruleset_attr, which grew with the versions: files, network, scopes.
        let handled: [UInt64] = [Right.all(version), version >= 4 ? 0b11 : 0, version >= 6 ? 0b11 : 0]
        let size = (version >= 6 ? 3 : version >= 4 ? 2 : 1) * MemoryLayout<UInt64>.size
        let raw = handled.withUnsafeBytes {
            system_call(Self.createCall, Int(bitPattern: $0.baseAddress), size, 0, 0)
        }
        guard raw >= 0 else { throw .last("landlock_create_ruleset") }
        // The kernel sets its close-on-exec flag.
        rules = FileDescriptor(owning: Int32(raw))
    }

    /// Allows something below a directory, or with a file.
    func allow(_ access: Access, beneath path: String) throws(SystemCallError) {
        let file = try FileDescriptor.open(path, Self.pathOnly)
        var rights = Right.readFile
        if try file.status().st_mode & S_IFMT == S_IFDIR {
            rights |= Right.readDirectory
            if access == .write { rights |= Right.changes & Right.all(version) }
        } else if access == .write {
            rights |= (Right.writeFile | Right.truncate) & Right.all(version)
        }
        var rule = landlock_path_rule(allowed_access: rights, parent: file.raw)
        let result = withUnsafePointer(to: &rule) {
            system_call(Self.addCall, Int(rules.raw), Self.pathBeneath, Int(bitPattern: $0), 0)
        }
        guard result == 0 else { throw .last("landlock_add_rule", path: path) }
    }

    /// Holds this thread, and all that it starts, to the rules for ever.
    func enforce() throws(SystemCallError) {
        guard system_call(Self.restrictCall, Int(rules.raw), 0, 0, 0) == 0 else {
            throw .last("landlock_restrict_self")
        }
    }

    /// The calls' numbers, the same on every architecture.
    private static let createCall = 444
    private static let addCall = 445
    private static let restrictCall = 446
    /// LANDLOCK_CREATE_RULESET_VERSION
    private static let versionFlag = 1
    /// LANDLOCK_RULE_PATH_BENEATH
    private static let pathBeneath = 1
    /// O_PATH | O_CLOEXEC, the former of which is behind a macro that Swift does not see.
    private static let pathOnly = 0o10000000 | O_CLOEXEC

    /// LANDLOCK_ACCESS_FS_…
    private enum Right {
        static let writeFile: UInt64 = 1 << 1
        static let readFile: UInt64 = 1 << 2
        static let readDirectory: UInt64 = 1 << 3
        static let truncate: UInt64 = 1 << 14
        /// Without devices, sockets, pipes and symbolic links, which nobody confined makes.
        static let changes: UInt64 =
            writeFile | 1 << 4 /* REMOVE_DIR */ | 1 << 5 /* REMOVE_FILE */ | 1 << 7 /* MAKE_DIR */
            | 1 << 8 /* MAKE_REG */ | 1 << 13 /* REFER */ | truncate

        /// All that a version knows: 13 rights at first, then REFER (2), TRUNCATE (3) and IOCTL_DEV (5).
        static func all(_ version: Int) -> UInt64 {
            let count = version >= 5 ? 16 : version >= 3 ? 15 : version == 2 ? 14 : 13
            return 1 << count - 1
        }
    }
}
