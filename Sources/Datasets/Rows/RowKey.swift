/// What makes two rows the same: 64 bits of a hash of their texts, without regard to the answer.
///
/// Among ten million rows, two different ones share it with a chance of 3 · 10⁻⁶, which would cost a wrong warning; the
/// hash is another one in each process.
struct RowKey: Hashable {
    let hash: Int

    init(_ content: Row.Content) {
        var hasher = Hasher()
        content.hash(into: &hasher)
        hash = hasher.finalize()
    }
}
