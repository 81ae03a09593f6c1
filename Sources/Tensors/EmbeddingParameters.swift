/// The parameters of an embedding layer in the manner of BERT.
public struct EmbeddingParameters: Sendable {
    /// A row a token id, (V × H).
    public let tokens: Parameter
    /// A row a position, (P × H), after ``positionOffset`` rows that are not used.
    public let positions: Parameter
    /// The row of a sequence's first token (RoBERTa counts positions from the padding token's number + 1).
    public let positionOffset: Int
    /// A row a token type, (types × H); nil where the network tells no token types apart.
    public let types: Parameter?
    /// The normalisation of the sum.
    public let norm: NormParameters
    /// The token whose row never gets a gradient (`padding_idx` of `torch.nn.Embedding`).
    public let padding: Int32?

    /// Two or three tables and a normalisation.
    public init(
        tokens: Parameter, positions: Parameter, positionOffset: Int = 0, types: Parameter?, norm: NormParameters,
        padding: Int32? = nil
    ) {
        self.tokens = tokens
        self.positions = positions
        self.positionOffset = positionOffset
        self.types = types
        self.norm = norm
        self.padding = padding
    }
}
