internal import Safetensors
internal import Tensors

/// Which tensors of a directory hold the parameters of an encoder: found and compared by their headers alone.
///
/// The sizes in `config.json` may be anybody's. Only when the file has tensors of these very shapes does a model get
/// memory for them; so a model takes no more than a small multiple of its file.
struct WeightSources {
    /// The tensors' names by the parameters' places in the layout; nil for a parameter that begins anew.
    let names: [String?]

    /// Looks for all parameters of a layout.
    ///
    /// - Parameter keepsHead: whether the file's head is wanted. Its absence is then an error, but for the
    ///   masked-language-model head, of which files often have a part or nothing.
    /// - Throws: ``ModelError/missingTensor(file:name:)``, ``ModelError/wrongShape(file:name:found:expected:)``
    init(_ layout: EncoderLayout, in directory: SafetensorsDirectory, keepsHead: Bool) throws(ModelError) {
        var names: [String?] = []
        for parameter in layout.parameters {
            let (name, shape) = (parameter.specification.name, parameter.specification.shape.extents)
            let isForeign = parameter.specification.role == .head && !keepsHead
            guard !isForeign, let found = Self.name(of: parameter, layout, in: directory) else {
                guard Self.mayBeAbsent(parameter.specification, layout, keepsHead: keepsHead) else {
                    throw .missingTensor(file: directory.path, name: name)
                }
                names.append(nil)
                continue
            }
            let given = directory.tensor(named: found)?.shape ?? []
            guard given == shape else {
                throw .wrongShape(file: directory.path, name: found, found: given, expected: shape)
            }
            names.append(found)
        }
        self.names = names
    }

    /// The name of a parameter in the file: with or without the family's prefix, or one of its further names.
    static func name(
        of parameter: EncoderParameter, _ layout: EncoderLayout, in directory: SafetensorsDirectory
    ) -> String? {
        let prefix = layout.configuration.family.prefix
        return ([parameter.specification.name] + parameter.aliases).flatMap { [prefix + $0, $0] }
            .first { directory.tensor(named: $0) != nil }
    }

    private static func mayBeAbsent(
        _ parameter: ParameterSpecification, _ layout: EncoderLayout, keepsHead: Bool
    ) -> Bool {
        switch parameter.role {
        case .trunk: parameter.block == "pooler"
        case .head: !keepsHead || layout.head == .maskedLanguageModel
        case .adapter: true
        }
    }
}
