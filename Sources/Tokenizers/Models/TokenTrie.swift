/// A set of tokens by their bytes, walked byte by byte: the edges of a trie in one open-addressing hash table.
struct TokenTrie: Sendable {
    /// The node before the first byte.
    static let root: UInt32 = 0

    /// Keys `node << 8 | byte`, plus 1 so that 0 marks a free slot.
    private var keys: [UInt64]
    private var children: [UInt32]
    /// The token that ends at a node, or −1.
    private var identifiers: [Int32] = [-1]
    private var edgeCount = 0

    init() {
        keys = [UInt64](repeating: 0, count: 64)
        children = [UInt32](repeating: 0, count: 64)
    }

    /// The number of nodes.
    var nodeCount: Int { identifiers.count }

    /// Adds a token; the token that was there is replaced and given back.
    @discardableResult
    mutating func insert(_ token: some Sequence<UInt8>, id: Int32) -> Int32? {
        var node = Self.root
        for byte in token {
            if let next = child(of: node, byte) {
                node = next
            } else {
                node = addChild(of: node, byte)
            }
        }
        let old = identifiers[Int(node)]
        identifiers[Int(node)] = id
        return old < 0 ? nil : old
    }

    /// The node behind one more byte, or nil where no token goes on so.
    @inline(__always)
    func child(of node: UInt32, _ byte: UInt8) -> UInt32? {
        let key = UInt64(node) << 8 | UInt64(byte) + 1
        let mask = keys.count - 1
        var slot = Self.hash(key) & mask
        while keys[slot] != 0 {
            if keys[slot] == key { return children[slot] }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// The token that ends at a node, or nil.
    @inline(__always)
    func identifier(at node: UInt32) -> Int32? {
        let id = identifiers[Int(node)]
        return id < 0 ? nil : id
    }

    /// The node behind all of these bytes, or nil.
    func node(behind bytes: some Sequence<UInt8>) -> UInt32? {
        var node = Self.root
        for byte in bytes {
            guard let next = child(of: node, byte) else { return nil }
            node = next
        }
        return node
    }

    /// The token with exactly these bytes, or nil.
    func identifier(of bytes: some Sequence<UInt8>) -> Int32? {
        node(behind: bytes).flatMap { identifier(at: $0) }
    }

    private mutating func addChild(of node: UInt32, _ byte: UInt8) -> UInt32 {
        if (edgeCount + 1) * 2 > keys.count { grow() }
        let child = UInt32(identifiers.count)
        identifiers.append(-1)
        place(UInt64(node) << 8 | UInt64(byte) + 1, child)
        edgeCount += 1
        return child
    }

    private mutating func place(_ key: UInt64, _ child: UInt32) {
        let mask = keys.count - 1
        var slot = Self.hash(key) & mask
        while keys[slot] != 0 { slot = (slot + 1) & mask }
        keys[slot] = key
        children[slot] = child
    }

    private mutating func grow() {
        let old = (keys, children)
        keys = [UInt64](repeating: 0, count: old.0.count * 2)
        children = [UInt32](repeating: 0, count: old.0.count * 2)
        for (slot, key) in old.0.enumerated() where key != 0 { place(key, old.1[slot]) }
    }

    /// Fibonacci hashing: the upper bits of a product with 2⁶⁴ / φ.
    @inline(__always)
    private static func hash(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32)
    }
}
