extension SocketAddress {
    /// Whether the address is one of the public internet, which no machine of one's own network has.
    ///
    /// What is not: this machine, private networks, links, carriers' networks, groups, documentation, and addresses of
    /// IPv6 that stand for such of IPv4 (the special-purpose registries of IANA, RFC 6890). The addresses under which
    /// clouds tell their machines secrets are among the links'.
    public var isPublic: Bool {
        if bytes.count == 4 { return Self.isPublic(bytes) }
        // Global unicast is 2000::/3; ::ffff:0:0/96 stands for IPv4.
        if bytes[0..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
            return Self.isPublic(Array(bytes[12...]))
        }
        // 6to4 carries an address of IPv4.
        if Self.isWithin(bytes, [0x20, 0x02], bits: 16) { return Self.isPublic(Array(bytes[2..<6])) }
        return Self.isWithin(bytes, [0x20], bits: 3) && !Self.special6.contains { Self.isWithin(bytes, $0, bits: $1) }
    }

    private static func isPublic(_ bytes: [UInt8]) -> Bool { !special4.contains { isWithin(bytes, $0, bits: $1) } }

    private static let special4: [([UInt8], bits: Int)] = [
        ([0], 8), ([10], 8), ([100, 64], 10), ([127], 8), ([169, 254], 16), ([172, 16], 12), ([192, 0, 0], 24),
        ([192, 0, 2], 24), ([192, 88, 99], 24), ([192, 168], 16), ([198, 18], 15), ([198, 51, 100], 24),
        ([203, 0, 113], 24), ([224], 3),
    ]

    /// Within 2000::/3: protocols (Teredo among them), documentation twice.
    private static let special6: [([UInt8], bits: Int)] = [
        ([0x20, 0x01, 0x00], 23), ([0x20, 0x01, 0x0D, 0xB8], 32), ([0x3F, 0xFF, 0x00], 20),
    ]

    private static func isWithin(_ bytes: [UInt8], _ network: [UInt8], bits: Int) -> Bool {
        (0..<bits).allSatisfy { bit in
            let mask: UInt8 = 0x80 >> UInt8(bit % 8)
            return bytes[bit / 8] & mask == network[bit / 8] & mask
        }
    }
}
