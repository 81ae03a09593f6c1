internal import Tensors

/// One encoder layer: attention and feed-forward, each with dropout, residual and normalisation (`BertLayer`).
struct EncoderLayer {
    private let query: LinearParameters
    private let keyValue: LinearParameters
    private let queryKeyValue: LinearParameters
    private let attentionOutput: LinearParameters
    private let attentionNorm: NormParameters
    private let intermediate: LinearParameters
    private let output: LinearParameters
    private let outputNorm: NormParameters
    private let configuration: EncoderConfiguration

    init(_ number: Int, _ parameters: EncoderParameters) {
        configuration = parameters.configuration
        let names = configuration.family.layer
        let block = "\(configuration.family.layerPrefix)\(number)."
        let projections = [names.query, names.key, names.value].map { block + $0 }
        query = parameters.linear(projections[0])
        keyValue = parameters.linear(Array(projections[1...]))
        queryKeyValue = parameters.linear(projections)
        attentionOutput = parameters.linear(block + names.attentionOutput)
        attentionNorm = parameters.norm(block + names.attentionNorm)
        intermediate = parameters.linear(block + names.intermediate)
        output = parameters.linear(block + names.output)
        outputNorm = parameters.norm(block + names.outputNorm)
    }

    /// - Parameters:
    ///   - x: (T × H).
    ///   - rows: the only rows of the result that are wanted; nil for all T.
    /// - Returns: (T × H), or (rows × H): nothing is computed for the others but their keys and values.
    func callAsFunction(_ x: Value, offsets: [Int32], rows: RowSelection?, on tape: Tape) -> Value {
        let residual: Value
        let context: Value
        let heads = configuration.headCount
        if let rows {
            residual = tape.gatherRows(x, rows.rows)
            context = tape.attention(
                queries: tape.linear(residual, query), keysValues: tape.linear(x, keyValue),
                layout: AttentionLayout(queryOffsets: rows.offsets, keyOffsets: offsets, heads: heads),
                dropoutProbability: configuration.attentionDropout)
        } else {
            residual = x
            let projected = tape.linear(x, queryKeyValue)
            context = tape.attention(
                queries: projected, keysValues: projected,
                layout: AttentionLayout(queryOffsets: offsets, keyOffsets: offsets, heads: heads),
                dropoutProbability: configuration.attentionDropout)
        }
        let attended = tape.residualNorm(
            tape.linear(context, attentionOutput, addsBias: false), bias: attentionOutput.biases[0],
            residual: residual, norm: attentionNorm,
            dropoutProbability: configuration.family.dropsAttentionOutput ? configuration.hiddenDropout : 0)
        return tape.residualNorm(
            tape.feedForward(attended, first: intermediate, second: output, activation: configuration.activation),
            bias: output.biases[0], residual: attended, norm: outputNorm,
            dropoutProbability: configuration.hiddenDropout)
    }
}
