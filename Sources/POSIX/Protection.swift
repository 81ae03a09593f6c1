/// What the kernel enforces of a ``Confinement``.
public struct Protection: Hashable, Sendable, CustomStringConvertible {
    /// The version of Landlock's interface (landlock(7)); 0 where the kernel has none, or it is turned off.
    public let landlockVersion: Int
    /// Whether system calls that start programs or open sockets are refused (seccomp(2)).
    public let refusesCalls: Bool

    /// What a confinement would get here.
    public static var available: Protection {
        Protection(landlockVersion: Landlock.version, refusesCalls: Landlock.hasCallFilter)
    }

    /// Whether files outside cannot be opened and no socket can be.
    public var isWhole: Bool { landlockVersion > 0 && refusesCalls }

    /// Such as "files, TCP, signals (Landlock 7); programs, sockets (seccomp)".
    public var description: String {
        var parts: [String] = []
        if landlockVersion > 0 {
            let scopes = ["files", landlockVersion >= 4 ? "TCP" : nil, landlockVersion >= 6 ? "signals" : nil]
            parts.append("\(scopes.compactMap(\.self).joined(separator: ", ")) (Landlock \(landlockVersion))")
        }
        if refusesCalls { parts.append("programs, sockets (seccomp)") }
        return parts.isEmpty
            ? "limits only: the kernel has neither Landlock nor seccomp" : parts.joined(separator: "; ")
    }
}
