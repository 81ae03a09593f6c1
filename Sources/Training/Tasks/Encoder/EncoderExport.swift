internal import FineTuning
internal import JSON
internal import Models
internal import Safetensors
internal import Tensors

/// Writes a model over a text encoder as Hugging Face tools load it, and proves what was written.
struct EncoderExport {
    let model: EncoderModel
    /// The architecture without the dropout of the training strategy.
    let configuration: EncoderConfiguration
    /// Names of the outputs.
    let labels: [String]
    /// What the outputs for a sequence mean.
    let problem: ProblemType?
    /// The tokenizer's, as they are in the directory from which the model was read.
    let tokenizerFiles: [ModelFile]
    /// What peft is to load adapters on; nil where the model is written without adapters of its own.
    var adapterBase: String?

    /// The weights, `config.json`, the tokenizer, and for pooled vectors the modules of sentence-transformers.
    func files() -> [ModelFile] {
        let json = configuration.json(head: model.head, labels: labels, problem: problem)
        return [
            ModelFile(CheckpointFiles.weights, .tensors(model.exportedTensors)),
            ModelFile(CheckpointFiles.configuration, .text(json.prettyText)),
        ] + adapterFiles + tokenizerFiles
            + (sentenceTransformers?.files ?? [])
    }

    /// Adapters as peft writes them, where they say all that tells the model from its base. The weights beside them,
    /// with the adapters merged in, then stay with the server, which answers with them (``CheckpointFiles/published(_:)``).
    private var adapterFiles: [ModelFile] {
        guard let adapterBase, model.isAdapterOfBase else { return [] }
        return [
            ModelFile(AdapterConfiguration.weightsName, .tensors(model.adapterTensors)),
            ModelFile(AdapterConfiguration.fileName, .text(model.adapterJSON(base: adapterBase).prettyText)),
        ]
    }

    /// The library that loads the model.
    var library: String { sentenceTransformers == nil ? "transformers" : "sentence-transformers" }

    /// How the model is loaded, in Markdown.
    ///
    /// - Parameters:
    ///   - native: where transformers has a class of this form.
    ///   - output: what the head gives, where only sentence-transformers can express it.
    func usage(_ native: String, output: String) -> String {
        guard sentenceTransformers != nil else { return native }
        return "Has a head that no class of `transformers` for this task has. With "
            + "`sentence-transformers`, `SentenceTransformer(\"…\").encode([\"…\"])` gives \(output)."
    }

    /// Modules that give the head's output, where it is one that sentence-transformers can express: a vector, or linear
    /// layers over a pooling, other than those of the family's own class.
    var sentenceTransformers: SentenceTransformersFiles? {
        guard let pooling = model.head.pooling else { return nil }
        var normalizes = false
        switch model.head {
        case .embedding(_, let normal): normalizes = normal
        case .sequence(_, let shape) where shape.isNative: return nil
        case .sequence, .token, .maskedLanguageModel: break
        }
        return SentenceTransformersFiles(
            pooling: pooling, normalizes: normalizes, hiddenSize: configuration.hiddenSize,
            maxLength: configuration.longestSequence, layers: model.outputLayers)
    }

    /// Compares the output of what was written with that of the model in memory.
    func prove(_ directory: String) throws {
        let copy = try EncoderModel(
            weights: SafetensorsDirectory(path: directory), configuration: EncoderConfiguration(directory: directory),
            head: model.head, keepsHead: true, seed: 0, pool: model.pool)
        let probe = ProbeBatch.make(
            longest: configuration.longestSequence, vocabularySize: configuration.vocabularySize)
        try ProbeBatch.compare(
            try model.evaluate(probe), with: try copy.evaluate(probe), tolerance: model.lora == nil ? 1e-6 : 1e-4)
    }
}
