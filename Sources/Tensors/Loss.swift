/// A loss over the rows of a batch, as a value to go backwards from and row by row.
public struct Loss {
    /// Σ over rows of weight · loss / items, (1).
    public let value: Value
    /// The loss of each row without its weight, (rows), for the ledger of examples.
    public let rows: Tensor

    /// The number itself.
    public var total: Float { value.tensor.base[0] }
}
