/// The tokens `<0x00>` to `<0xFF>` that stand for single bytes.
enum ByteToken {
    /// How the token of a byte is written.
    static func name(of byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count == 1 ? "<0x0\(digits)>" : "<0x\(digits)>"
    }

    /// The byte that a token stands for, or nil.
    static func byte(of token: String) -> UInt8? {
        let text = Array(token.utf8)
        guard text.count == 6, token.hasPrefix("<0x"), text[5] == UInt8(ascii: ">") else { return nil }
        return UInt8(String(decoding: text[3..<5], as: UTF8.self), radix: 16)
    }

    /// By byte, the number of its token in a vocabulary, or nil.
    static func identifiers(in trie: TokenTrie) -> [Int32?] {
        (0..<256).map { trie.identifier(of: name(of: UInt8($0)).utf8) }
    }

    /// The numbers for some bytes, or nil if one of them has none.
    static func identifiers(of bytes: some Sequence<UInt8>, among byteIDs: [Int32?]) -> [Int32]? {
        var ids: [Int32] = []
        for byte in bytes {
            guard let id = byteIDs[Int(byte)] else { return nil }
            ids.append(id)
        }
        return ids
    }
}
