/// The parameters of an embedding layer in the manner of BERT.
public struct EmbeddingParameters: Sendable {
    /// A row a token id, (V × H).
    public let tokens: Parameter
    /// A row a position, (P × H).
    public let positions: Parameter
    /// A row a token type, (types × H).
    public let types: Parameter
    /// The normalisation of the sum.
    public let norm: NormParameters

    /// The token whose row never gets a gradient (`padding_idx` of `torch.nn.Embedding`).
    public let padding: Int32?

    /// Three tables and a normalisation.
    public init(
        tokens: Parameter, positions: Parameter, types: Parameter, norm: NormParameters, padding: Int32? = nil
    ) {
        self.tokens = tokens
        self.positions = positions
        self.types = types
        self.norm = norm
        self.padding = padding
    }

    var all: [Parameter] { [tokens, positions, types, norm.gamma, norm.beta] }
}
