public import FineTuning
internal import JSON
internal import Models
public import Tensors

extension LayerSelection {
    /// Which parameters of a model this selection lets training change.
    ///
    /// Patterns are matched against the names that transformers gives the parameters, with and without the family's
    /// prefix: `bert.encoder.layer.5.*` and `encoder.layer.5.*` say the same.
    ///
    /// - Parameter parameters: of the model, by name and block.
    /// - Returns: the names of the trainable parameters.
    /// - Throws: `JobError` where a pattern matches nothing or there are fewer blocks than asked for.
    public func trainableNames(of parameters: [ParameterSpecification]) throws(JobError) -> Set<String> {
        switch self {
        case .all: return Set(parameters.map(\.name))
        case .head: return Set(parameters.filter { $0.role == .head }.map(\.name))
        case .top(let count): return try Self.top(count, of: parameters)
        case .patterns(let include, let exclude):
            var chosen: Set<String> = []
            for pattern in include { chosen.formUnion(try Self.match(pattern, parameters, "include")) }
            for pattern in exclude { chosen.subtract(try Self.match(pattern, parameters, "exclude")) }
            return chosen.union(parameters.filter { $0.role == .head }.map(\.name))
        }
    }

    /// The head and the topmost blocks; the pooler, which sits on the topmost block, goes with it.
    private static func top(_ count: Int, of parameters: [ParameterSpecification]) throws(JobError) -> Set<String> {
        let layers = parameters.filter { $0.role == .trunk }.map(\.depth).max() ?? 0
        guard count <= layers else {
            throw JobError(
                .invalidRecipe,
                "layers.train.top is \(count), but the model has \(layers) layers; take at most \(layers), "
                    + "or \"all\" for the embeddings too", param: "layers.train.top")
        }
        return Set(parameters.filter { $0.role == .head || $0.depth > layers - count }.map(\.name))
    }

    private static func match(
        _ text: String, _ parameters: [ParameterSpecification], _ field: String
    ) throws(JobError) -> [String] {
        let stripped = withoutPrefix(text)
        let patterns = [NamePattern(text), NamePattern(stripped)]
        let names = parameters.map(\.name).filter { name in
            patterns.contains { $0.matches(name) || $0.matches(withoutPrefix(name)) }
        }
        guard names.isEmpty else { return names }
        let wanted = stripped.replacing("*", with: "")
        let near = parameters.map { withoutPrefix($0.name) }
            .map { (name: $0, distance: wanted.editDistance(to: $0)) }
            .sorted { $0.distance < $1.distance }.prefix(3).map { "\"\($0.name)\"" }
        throw JobError(
            .invalidRecipe,
            "layers.train.\(field): the pattern \"\(text)\" matches no parameter; near names are "
                + near.joined(separator: ", ") + " (* stands for any characters)", param: "layers.train.\(field)")
    }

    private static func withoutPrefix(_ name: String) -> String {
        EncoderFamily.all.lazy.map { $0.modelType + "." }.first(where: name.hasPrefix)
            .map { String(name.dropFirst($0.count)) } ?? name
    }
}
