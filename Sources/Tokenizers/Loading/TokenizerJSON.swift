internal import JSON

/// Reads `tokenizer.json`, the file of the Python package `tokenizers`.
struct TokenizerJSON {
    private let path: String
    private let document: JSONCursor

    /// The longest added token, in bytes: it is looked for at each place of a text.
    private static let addedLengthLimit = 1024

    /// Parses the file's JSON.
    ///
    /// - Parameter path: what errors call it.
    init(parsing bytes: [UInt8], path: String) throws(TokenizerError) {
        self.path = path
        do {
            document = JSONCursor(try JSONValue(parsing: bytes))
        } catch {
            throw .malformed(path: path, fault: "it is not JSON: \(error)")
        }
    }

    /// The tokenizer that the file describes.
    ///
    /// - Throws: ``TokenizerError``; a stage that is not known is named.
    func tokenizer() throws(TokenizerError) -> Tokenizer {
        do {
            var root = try document.fields()
            let (vocabulary, model) = try ModelReader.read(root.required("model"))
            var pipeline = Pipeline(vocabulary: vocabulary, model: model)
            pipeline.normalizers = try root.optional("normalizer").map(NormalizerReader.read) ?? []
            pipeline.preTokenizers = try root.optional("pre_tokenizer").map(PreTokenizerReader.read) ?? []
            pipeline.addedTokens = try addedTokens(root.optional("added_tokens"), vocabulary)
            pipeline.postProcessor =
                try root.optional("post_processor").map(PostProcessorReader.read) ?? PostProcessor()
            pipeline.decoders = try root.optional("decoder").map(DecoderReader.read)
            guard pipeline.patternSteps <= RegularExpression.programLimit else {
                throw document.fault(
                    "its patterns have \(pipeline.patternSteps) steps, more than \(RegularExpression.programLimit) in all"
                )
            }
            return Tokenizer(pipeline)
        } catch let fault as JSONFault {
            throw .malformed(path: path, fault: fault.description)
        } catch StageFault.unsupported(let component, let type, let supported) {
            throw .unsupported(path: path, component: component, type: type, supported: supported)
        } catch StageFault.missingToken(let token) {
            throw .missingToken(path: path, token: token)
        } catch {
            throw .malformed(path: path, fault: "\(error)")
        }
    }

    private func addedTokens(
        _ list: JSONCursor?, _ vocabulary: Vocabulary
    ) throws -> [AddedToken] {
        var tokens: [AddedToken] = []
        for element in try list?.elements() ?? [] {
            var fields = try element.fields()
            let content = try fields.required("content").string()
            guard content.utf8.count <= Self.addedLengthLimit else {
                throw element.fault("the token is longer than \(Self.addedLengthLimit) bytes")
            }
            let given = Int32(try fields.required("id").integer(in: 0...(Vocabulary.idLimit - 1)))
            let special = try fields.optional("special")?.bool() ?? false
            tokens.append(
                AddedToken(
                    content: content, id: vocabulary.id(of: content) ?? given,
                    singleWord: try fields.optional("single_word")?.bool() ?? false,
                    stripsLeft: try fields.optional("lstrip")?.bool() ?? false,
                    stripsRight: try fields.optional("rstrip")?.bool() ?? false,
                    isNormalized: try fields.optional("normalized")?.bool() ?? !special,
                    isSpecial: special))
        }
        return tokens
    }
}
