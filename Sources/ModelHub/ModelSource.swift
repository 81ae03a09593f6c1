internal import Foundation

/// Where a model comes from: `hf:ORG/NAME[@REVISION]`, or a directory.
public enum ModelSource: Sendable, Hashable {
    /// A repository of a hub.
    case hub(HubRepository)
    /// A directory in the Hugging Face layout on this machine.
    case directory(String)

    /// Reads a source as it is written on a command line.
    ///
    /// - Throws: ``PullError/malformedSource(_:reason:)``.
    public init(parsing text: String) throws(PullError) {
        guard let colon = text.firstIndex(of: ":"), text[..<colon] == "hf" else {
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: text, isDirectory: &isDirectory), isDirectory.boolValue else {
                throw .malformedSource(text, reason: "it is no directory, and does not begin with hf:")
            }
            self = .directory(text)
            return
        }
        self = .hub(try HubRepository(parsing: String(text[text.index(after: colon)...]), source: text))
    }

    /// What the model is called where no other name is asked for.
    public var defaultName: String {
        switch self {
        case .hub(let repository): repository.name
        case .directory(let path): URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
        }
    }
}
