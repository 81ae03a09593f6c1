internal import Foundation

extension DataDirectory {
    /// The pretrained models: every directory with a `config.json`, at most two levels below `modelsPath`, by name.
    public func baseModels() throws -> [BaseModel] {
        let root = modelsPath
        var models: [BaseModel] = []
        for name in try Self.directories(root) {
            if let model = try baseModel(name) {
                models.append(model)
                continue
            }
            for inner in try Self.directories("\(root)/\(name)") {
                if let model = try baseModel("\(name)/\(inner)") { models.append(model) }
            }
        }
        return models.sorted { $0.name < $1.name }
    }

    /// The pretrained model of a name; nil where there is none, or the name leads elsewhere.
    public func baseModel(_ name: String) throws -> BaseModel? {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count),
            parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") && !$0.utf8.contains(0) })
        else { return nil }
        let directory = "\(modelsPath)/\(name)"
        let config = "\(directory)/config.json"
        guard FileManager.default.fileExists(atPath: config) else { return nil }
        let changed = try FileManager.default.attributesOfItem(atPath: config)[.modificationDate] as? Date
        return BaseModel(
            name: name, directory: directory, createdAt: Int(changed?.timeIntervalSince1970 ?? 0))
    }

    private static func directories(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).filter { name in
            var isDirectory: ObjCBool = false
            return !name.hasPrefix(".")
                && FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isDirectory)
                && isDirectory.boolValue
        }
    }
}
