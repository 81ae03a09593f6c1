/// An elementwise function between linear layers, under the names of Transformers' `ACT2FN`.
public enum Activation: String, Sendable, Hashable, CaseIterable {
    /// x·Φ(x), exact.
    case gelu
    /// GELU by its tanh approximation.
    case geluTanh = "gelu_new"
    /// max(x, 0)
    case relu
    /// tanh(x)
    case tanh
}
