internal import Cryptography
internal import Foundation
internal import Glibc
internal import POSIX

/// A directory with all regular files below it; links are followed.
enum Tree {
    /// How deep directories may lie in one another: more than any model has, and an end of links in a circle.
    private static let depth = 8

    /// Copies all files of a directory, and waits until they are on the disk.
    ///
    /// The original stays the same directory all the while, even where another takes over its name. Who removes it gives
    /// it another name first: as long as it has its own, all of it is there.
    /// - Parameter target: a directory.
    /// - Returns: false where the original, or a part of it, is gone.
    static func copy(_ source: String, to target: String) throws -> Bool {
        do throws(SystemCallError) {
            let directory = try FileDescriptor.open(source, O_RDONLY | O_DIRECTORY)
            for file in try files(of: "/proc/self/fd/\(directory.raw)") {
                if let slash = file.lastIndex(of: "/") {
                    try DataDirectory.createDirectory("\(target)/\(file[..<slash])")
                }
                try DurableFile.copy("/proc/self/fd/\(directory.raw)/\(file)", to: "\(target)/\(file)")
            }
            let (before, now) = (try directory.status(), try FileDescriptor.open(source).status())
            return before.st_ino == now.st_ino && before.st_dev == now.st_dev
        } catch {
            if error.isNoSuchFile { return false }
            throw error
        }
    }

    /// Whether two directories hold the same files.
    static func isEqual(_ left: String, _ right: String) throws -> Bool {
        let names = try files(of: left)
        guard try names == files(of: right) else { return false }
        return try names.allSatisfy {
            try SHA256.hash(fileAt: "\(left)/\($0)").digest == SHA256.hash(fileAt: "\(right)/\($0)").digest
        }
    }

    /// Bytes of all files of a directory; none where it is gone.
    static func bytes(of directory: String) throws(SystemCallError) -> Int {
        do throws(SystemCallError) {
            var sum = 0
            for name in try files(of: directory) { sum += try FileDescriptor.open("\(directory)/\(name)").size() }
            return sum
        } catch {
            if error.isNoSuchFile { return 0 }
            throw error
        }
    }

    /// A directory and all directories below it, the inner ones first.
    static func directories(of directory: String) throws(SystemCallError) -> [String] {
        try entries(of: directory, in: "", depth: 0).directories.reversed().map { "\(directory)/\($0)" } + [directory]
    }

    /// The names of all files, relative to the directory.
    private static func files(of directory: String) throws(SystemCallError) -> [String] {
        try entries(of: directory, in: "", depth: 0).files
    }

    private static func entries(
        of root: String, in folder: String, depth: Int
    ) throws(SystemCallError) -> (files: [String], directories: [String]) {
        var found: (files: [String], directories: [String]) = ([], [])
        for name in try names("\(root)/\(folder)") {
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            var status = stat()
            guard stat("\(root)/\(path)", &status) == 0 else { throw .last("stat", path: "\(root)/\(path)") }
            switch status.st_mode & S_IFMT {
            case S_IFREG: found.files.append(path)
            case S_IFDIR:
                guard depth < Self.depth else {
                    throw SystemCallError(call: "opendir", code: ELOOP, path: "\(root)/\(path)")
                }
                let inner = try entries(of: root, in: path, depth: depth + 1)
                found.files += inner.files
                found.directories += [path] + inner.directories
            default: break
            }
        }
        return found
    }

    private static func names(_ path: String) throws(SystemCallError) -> [String] {
        guard let stream = opendir(path) else { throw .last("opendir", path: path) }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw .last("readdir", path: path) }
                return names.sorted()
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: Int(entry.pointee.d_reclen)) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
    }
}
