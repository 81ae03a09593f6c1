/// Why no backup was made; nothing is left of it.
public enum BackupError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The name is taken.
    case exists(path: String)
    /// It would lie in the directory that it is a backup of.
    case inside(path: String)
    /// There is no directory to make it in.
    case noParent(path: String)
    /// There is no room for it.
    case noRoom(path: String, needed: Int, free: Int)

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .exists(let path): "\(path) is there already; name a place that is not taken"
        case .inside(let path): "\(path) lies in the data directory itself; name a place outside, best on another disk"
        case .noParent(let path): "\(path) is no directory that the backup could be made in; make it first"
        case .noRoom(let path, let needed, let free):
            "the backup needs \(Self.mebibytes(needed)), and \(path) has \(Self.mebibytes(free)) free; make room, or "
                + "name a place on another disk"
        }
    }

    private static func mebibytes(_ bytes: Int) -> String { "\((bytes + (1 << 20) - 1) >> 20) MiB" }
}
