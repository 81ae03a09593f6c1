/// What makes two rows the same: 128 bits of a hash of their texts, without regard to the answer.
///
/// Two different rows share it with a chance of 2⁻¹²⁸; the hash is another one in each process.
struct RowKey: Hashable {
    let high: Int
    let low: Int

    init(_ content: Row.Content) {
        var first = Hasher()
        var second = Hasher()
        first.combine(0)
        second.combine(1)
        content.hash(into: &first)
        content.hash(into: &second)
        high = first.finalize()
        low = second.finalize()
    }
}
