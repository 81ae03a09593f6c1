/// Gathers a model's files from a kind of source.
protocol ModelTransfer: Sendable {
    /// Whether files that are complete by `Pull.isComplete` are the source's.
    var provesEquality: Bool { get }
    /// The files that the model consists of.
    func files() async throws -> [ModelFile]
    /// Puts them into a directory, checked and on the disk.
    func gather(_ files: [ModelFile], into directory: String) async throws
}
