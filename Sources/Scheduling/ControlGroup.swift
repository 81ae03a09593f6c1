internal import Foundation

/// The control group (version 2) that this process, and so its workers, are in.
struct ControlGroup {
    /// Its directory below `/sys/fs/cgroup`.
    let path: String

    /// The group; nil where the system has no control groups of version 2.
    static var current: ControlGroup? {
        guard let text = try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8) else { return nil }
        return ControlGroup(membership: text)
    }

    /// Reads `/proc/self/cgroup`: the line `0::/path` (cgroups(7)).
    init?(membership: String) {
        guard let line = membership.split(separator: "\n").first(where: { $0.hasPrefix("0::/") }) else { return nil }
        let name = line.dropFirst(4)
        path = name.isEmpty ? "/sys/fs/cgroup" : "/sys/fs/cgroup/\(name)"
    }
}
