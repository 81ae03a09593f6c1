/// A model's repository on a hub, at a revision.
public struct HubRepository: Sendable, Hashable, CustomStringConvertible {
    /// Whose it is.
    public let organization: String
    /// Its name.
    public let name: String
    /// A branch, tag or commit.
    public let revision: String

    /// Reads `ORG/NAME` or `ORG/NAME@REVISION`.
    init(parsing text: String, source: String) throws(PullError) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let names = parts[0].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard names.count == 2, names.allSatisfy(Self.isName) else {
            throw .malformedSource(
                source, reason: "behind hf: stands ORG/NAME, of letters, digits, \"-\", \"_\" and \".\"")
        }
        organization = names[0]
        name = names[1]
        revision = parts.count == 2 ? parts[1] : "main"
        guard revision.split(separator: "/", omittingEmptySubsequences: false).allSatisfy({ Self.isName(String($0)) })
        else { throw .malformedSource(source, reason: "\"\(revision)\" is no branch, tag or commit") }
    }

    /// Whether a text is safe as a segment of a path and of an address.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 96 && text.first != "."
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    /// `ORG/NAME`.
    public var description: String { "\(organization)/\(name)" }
}
