import Foundation

/// The package's files, read as text.
enum SourceTree {
    /// The package's root, found from this file's place.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// An `import` line of a source file.
    struct Import {
        let module: String
        let imported: String
        let file: String
    }

    /// All Swift files of a folder of the root, by path relative to the root.
    static func swiftFiles(below folder: String) throws -> [(path: String, text: String)] {
        let start = root.appendingPathComponent(folder)
        let paths = FileManager.default.enumerator(atPath: start.path)?.compactMap { $0 as? String } ?? []
        return try paths.filter { $0.hasSuffix(".swift") }.sorted().map {
            ("\(folder)/\($0)", try String(contentsOf: start.appendingPathComponent($0), encoding: .utf8))
        }
    }

    /// Every import of every module.
    static func imports() throws -> [Import] {
        try swiftFiles(below: "Sources").flatMap { path, text in
            let module = String(path.split(separator: "/")[1])
            return text.split(separator: "\n").compactMap { line -> Import? in
                let words = line.split(separator: " ").map(String.init)
                guard let position = words.firstIndex(of: "import"), position <= 2, position + 1 < words.count else {
                    return nil
                }
                let qualifiers: Set = [
                    "public", "internal", "private", "fileprivate", "package", "@testable", "@preconcurrency",
                ]
                guard words[..<position].allSatisfy(qualifiers.contains) else { return nil }
                // `import struct Module.Name` names the module behind the kind.
                let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
                let target = kinds.contains(words[position + 1]) ? words[position + 2] : words[position + 1]
                return Import(
                    module: module, imported: String(target.split(separator: ".")[0]), file: path)
            }
        }
    }
}
