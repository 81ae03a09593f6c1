public import FineTuning
internal import Models
public import RunDirectory
internal import Tensors
internal import Tokenizers

/// A model that answers: a model directory with a head of any kind, loaded.
public final class TextAnswerer {
    /// What the model's answers are.
    private enum Form {
        case label, labels, score, tags, fills(mask: Int32), embedding
    }

    /// The model's directory.
    public let directory: String
    /// Names of the outputs; empty where they have none.
    public let labels: [String]
    private let form: Form
    private let model: EncoderModel
    private let tokenizer: Tokenizer
    private let longestText: Int

    /// Tokens of one forward pass.
    private static let tokenBudget = 4096

    /// Loads a model directory.
    ///
    /// - Parameter onlyVectors: makes vectors of texts whatever the head.
    /// - Throws: `JobError` of code `invalid_model`, also where the model has no head to answer with.
    public init(directory: String, threads: Int, onlyVectors: Bool = false) throws(JobError) {
        let pretrained = try PretrainedModel(directory: directory)
        let own = onlyVectors ? nil : try pretrained.ownHead()
        let head = if let own { own } else { try Self.vectors(pretrained, isAsked: onlyVectors) }
        self.directory = directory
        form = try Self.form(of: head, pretrained)
        labels = if case .embedding = head { [] } else { pretrained.configuration.labels }
        tokenizer = pretrained.tokenizer
        longestText = pretrained.longestText
        model = try pretrained.model(
            configuration: pretrained.configuration, head: .kept(head), seed: 0,
            pool: ThreadPool(threadCount: threads))
        if let outputs = head.outputs, outputs != labels.count, outputs > 1 {
            throw JobError(
                .invalidModel,
                "the model in \(directory) has \(outputs) outputs, but id2label in its config.json "
                    + "names \(labels.count)", param: "model")
        }
    }

    /// A sentence encoder's output: as its modules say, else the mean over the tokens, at length 1.
    private static func vectors(_ pretrained: PretrainedModel, isAsked: Bool) throws(JobError) -> HeadConfiguration {
        let modules = try SentenceTransformersModules(directory: pretrained.directory)
        guard isAsked || modules != nil else {
            throw JobError(
                .invalidModel,
                "the model in \(pretrained.directory) has no classification head, nor any other; fine-tune it first",
                param: "model")
        }
        return .embedding(pooling: modules?.pooling ?? .mean, normalizes: modules?.normalizes ?? true)
    }

    private static func form(of head: HeadConfiguration, _ pretrained: PretrainedModel) throws(JobError) -> Form {
        switch head {
        case .embedding: return .embedding
        case .token: return .tags
        case .sequence(let outputs, _):
            switch pretrained.configuration.problem {
            case .multiLabel: return .labels
            case .regression: return .score
            // As transformers takes it: a single output is a number.
            case .singleLabel, nil: return outputs == 1 ? .score : .label
            }
        case .maskedLanguageModel:
            guard let mask = pretrained.maskToken else {
                throw JobError(
                    .invalidModel, "the tokenizer in \(pretrained.directory) has no mask token", param: "model")
            }
            return .fills(mask: mask)
        }
    }

    /// Answers texts, in their order. Texts that are too long for the model are cut.
    ///
    /// - Throws: `JobError`
    public func predict(_ inputs: [PredictionInput]) throws(JobError) -> [Prediction] {
        let texts = inputs.map { EncodedInput($0, tokenizer, maxLength: longestText, keepsWords: keepsWords) }
        var predictions: [Prediction] = []
        for piece in Pieces.ranges(of: texts.map(\.encoding.count), tokenBudget: Self.tokenBudget) {
            predictions += try predict(Array(texts[piece]))
        }
        return predictions
    }

    /// The vectors of texts, in their order.
    ///
    /// - Precondition: the answerer was made for vectors.
    /// - Throws: `JobError`
    public func embed(_ texts: [String]) throws(JobError) -> [EmbeddingVector] {
        try predict(texts.map { PredictionInput(text: $0) }).compactMap {
            if case .embedding(let vector) = $0 { vector } else { nil }
        }
    }

    private var keepsWords: Bool { if case .tags = form { true } else { false } }

    private func predict(_ texts: [EncodedInput]) throws(JobError) -> [Prediction] {
        do {
            switch form {
            case .label, .labels, .score, .embedding: return try wholeTexts(texts)
            case .tags: return try tags(texts)
            case .fills(let mask): return try fills(texts, mask: mask)
            }
        } catch {
            throw JobError(cause: error)
        }
    }

    private func wholeTexts(_ texts: [EncodedInput]) throws -> [Prediction] {
        let table = LogitTable(try model.evaluate(batch(texts)), columns: width)
        return texts.enumerated().map { row, text in
            let outputs = Array(table[row])
            switch form {
            case .labels: return .labels(LabelScores(labels: labels, logits: outputs))
            case .score: return .score(Double(outputs[0]))
            case .embedding:
                return .embedding(EmbeddingVector(components: outputs, tokens: text.encoding.count))
            case .label, .tags, .fills: return .label(LabelScores(labels: labels, logits: outputs))
            }
        }
    }

    private var width: Int { model.head.outputs ?? model.configuration.hiddenSize }

    private func tags(_ texts: [EncodedInput]) throws -> [Prediction] {
        let packed = batch(texts)
        let rows = zip(packed.offsets, texts).flatMap { start, text in text.firstPieces.map { start + Int32($0) } }
        let logits = rows.isEmpty ? [] : try model.evaluate(packed, rows: rows)
        let table = LogitTable(logits, columns: labels.count)
        var next = 0
        return texts.map { text in
            let words = text.firstPieces.indices.map { word in
                let (answer, probabilities) = (table.answer(next + word), table.probabilities(next + word))
                return EntityReader.Word(
                    tag: labels[answer], probability: probabilities[answer], place: text.places[word])
            }
            next += words.count
            return .tags(EntityReader(input: text.input, words: words).text)
        }
    }

    private func fills(_ texts: [EncodedInput], mask: Int32) throws -> [Prediction] {
        let packed = batch(texts)
        let rows = packed.tokens.indices.filter { packed.tokens[$0] == mask }.map { Int32($0) }
        let logits = rows.isEmpty ? [] : try model.evaluate(packed, rows: rows)
        let table = LogitTable(logits, columns: model.configuration.vocabularySize)
        var next = 0
        return try texts.map { text in
            let count = text.encoding.ids.count { $0 == mask }
            guard count > 0 else {
                throw JobError(
                    .invalidRecipe,
                    "the text has no mask; write \(tokenizer.token(of: mask) ?? "the mask token") where a word is to be "
                        + "filled in", param: "input")
            }
            defer { next += count }
            return .fills((0..<count).map { candidates(table.probabilities(next + $0)) })
        }
    }

    /// How many candidates a mask is answered with.
    private static let candidateCount = 5

    private func candidates(_ probabilities: [Double]) -> MaskFill {
        let best = GreatestValues.places(probabilities.map { Float($0) }, limit: Self.candidateCount)
        return MaskFill(
            candidates: best.map { id in
                let token = tokenizer.token(of: Int32(id)) ?? ""
                // A byte-level tokenizer writes a space before a word as "Ġ".
                return MaskFill.Candidate(
                    token: token.hasPrefix("Ġ") ? " \(token.dropFirst())" : token, score: probabilities[id])
            })
    }

    private func batch(_ texts: [EncodedInput]) -> PackedBatch {
        PackedBatch(sequences: texts.map(\.encoding.ids), tokenTypes: texts.map(\.encoding.typeIDs))
    }
}
