import Foundation

/// Places of the source folder and of the programs built from it.
enum Checkout {
    /// The source folder.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path(percentEncoded: false)
    /// The tiny random BERT.
    static let tinyBert = "\(root)/Tests/EndToEndTests/Fixtures/tiny-bert"

    /// A program that was built beside these tests.
    static func program(_ name: String) -> String {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: name).path(percentEncoded: false)
    }
}
