internal import Foundation

/// What tells whether the files of a directory are still the same: their names, numbers, sizes and times.
struct DirectoryStamp: Equatable {
    private struct File: Equatable {
        let device: UInt64
        let number: UInt64
        let bytes: Int
        let seconds: Int
        let nanoseconds: Int
    }

    private var files: [String: File] = [:]

    /// The stamp of a directory's files as they are now.
    ///
    /// - Throws: where the directory cannot be read.
    init(path: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: path) {
            var status = stat()
            // A file that goes away meanwhile changes the stamp, too.
            guard stat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            files[name] = File(
                device: UInt64(status.st_dev), number: UInt64(status.st_ino), bytes: Int(status.st_size),
                seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
        }
    }
}
