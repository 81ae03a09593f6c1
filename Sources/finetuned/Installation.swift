internal import Foundation

/// Where the parts of the program are, seen from its own executable.
struct Installation {
    /// `finetune-worker`.
    let worker: String
    /// The folder of the database's migrations.
    let migrations: String
    /// The folder of the dashboard's files.
    let pages: String

    private static let parts = ["migrations", "public"]

    /// Looks for the parts.
    ///
    /// - Parameters:
    ///   - assets: the folder that holds `migrations/` and `public/`; nil is `../share/finetuned` beside the executable,
    ///     or the folder of the sources that it was built from.
    ///   - executable: path of this program.
    /// - Throws: ``CommandError``
    init(assets: String?, executable: String = Self.ownPath) throws(CommandError) {
        let folder = Self.parent(of: executable)
        worker = try Self.worker(beside: executable)
        let root = try Self.assets(assets, beside: folder)
        migrations = "\(root)/migrations"
        pages = "\(root)/public"
    }

    /// The worker program beside this one.
    static func worker(beside executable: String = Self.ownPath) throws(CommandError) -> String {
        let path = "\(parent(of: executable))/finetune-worker"
        guard FileManager.default.isExecutableFile(atPath: path) else { throw .workerMissing(path: path) }
        return path
    }

    private static var ownPath: String {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path(percentEncoded: false)
    }

    private static func assets(_ given: String?, beside folder: String) throws(CommandError) -> String {
        if let given {
            let path = URL(filePath: given).standardizedFileURL.path(percentEncoded: false)
            if let missing = missingPart(of: path) { throw .assetsIncomplete(path: path, missing: missing) }
            return path
        }
        let installed = "\(parent(of: folder))/share/finetuned"
        if missingPart(of: installed) == nil { return installed }
        var source = folder
        while source != "/" {
            source = parent(of: source)
            let isPackage = FileManager.default.fileExists(atPath: "\(source)/Package.swift")
            if isPackage, missingPart(of: source) == nil { return source }
        }
        throw .assetsMissing(tried: [installed, "the source folder"])
    }

    private static func missingPart(of path: String) -> String? {
        parts.first { part in
            var isDirectory: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: "\(path)/\(part)", isDirectory: &isDirectory)
            return !exists || !isDirectory.boolValue
        }
    }

    private static func parent(of path: String) -> String {
        let parent = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        return parent.count > 1 && parent.hasSuffix("/") ? String(parent.dropLast()) : parent
    }
}
