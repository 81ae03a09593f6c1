internal import Tensors

/// One encoder layer: attention and feed-forward, each with dropout, residual and normalisation (`BertLayer`).
struct BertEncoderLayer {
    private let query: LinearParameters
    private let keyValue: LinearParameters
    private let queryKeyValue: LinearParameters
    private let attentionOutput: LinearParameters
    private let attentionNorm: NormParameters
    private let intermediate: LinearParameters
    private let output: LinearParameters
    private let outputNorm: NormParameters
    private let configuration: BertConfiguration

    init(_ number: Int, _ names: BertParameterNames) {
        let block = "encoder.layer.\(number)"
        let projections = ["query", "key", "value"].map { names.linear("\(block).attention.self.\($0)") }
        query = projections[0]
        keyValue = LinearParameters(
            weights: projections[1...].flatMap(\.weights), biases: projections[1...].flatMap(\.biases))
        queryKeyValue = LinearParameters(weights: projections.flatMap(\.weights), biases: projections.flatMap(\.biases))
        attentionOutput = names.linear("\(block).attention.output.dense")
        attentionNorm = names.norm("\(block).attention.output.LayerNorm")
        intermediate = names.linear("\(block).intermediate.dense")
        output = names.linear("\(block).output.dense")
        outputNorm = names.norm("\(block).output.LayerNorm")
        configuration = names.configuration
    }

    /// - Parameters:
    ///   - x: (T × H).
    ///   - rows: the only rows of the result that are wanted, one a sequence; nil for all T.
    /// - Returns: (T × H), or (B × H) with `rows`: nothing is computed for the others but their keys and values.
    func callAsFunction(_ x: Value, offsets: [Int32], rows: [Int32]?, on tape: Tape) -> Value {
        let residual: Value
        let context: Value
        let heads = configuration.headCount
        if let rows {
            residual = tape.gatherRows(x, rows)
            context = tape.attention(
                queries: tape.linear(residual, query), keysValues: tape.linear(x, keyValue),
                layout: AttentionLayout(
                    queryOffsets: Array(0...Int32(rows.count)), keyOffsets: offsets, heads: heads),
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
            residual: residual, norm: attentionNorm, dropoutProbability: configuration.hiddenDropout)
        return tape.residualNorm(
            tape.feedForward(attended, first: intermediate, second: output, activation: configuration.activation),
            bias: output.biases[0], residual: attended, norm: outputNorm,
            dropoutProbability: configuration.hiddenDropout)
    }
}
