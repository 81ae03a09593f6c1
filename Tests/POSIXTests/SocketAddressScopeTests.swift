import POSIX
import Testing

struct SocketAddressScopeTests {
    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.167.1.1",
        "223.255.255.1",
        "[2606:4700::1111]", "[2a00:1450:4001::1]", "[::ffff:8.8.8.8]", "[2002:808:808::1]",
    ])
    func `addresses of the public internet`(text: String) throws {
        #expect(try SocketAddress(parsing: "\(text):443").isPublic)
    }

    @Test(arguments: [
        "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.0.1", "169.254.169.254", "172.16.0.1", "172.31.9.9",
        "192.0.0.8", "192.0.2.1", "192.168.0.1", "198.18.0.1", "198.19.0.1", "198.51.100.1", "203.0.113.9", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "[::]", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[fe80::1]",
        "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[64:ff9b::7f00:1]", "[2001:db8::1]", "[2001::1]",
        "[2002:7f00:1::1]", "[2002:a00:1::1]", "[3fff::1]",
    ])
    func `addresses of one's own machine and network, and of nobody`(text: String) throws {
        #expect(try !SocketAddress(parsing: "\(text):443").isPublic)
    }

    @Test func `names lead to addresses`() throws {
        let addresses = try SocketAddress.lookUp(host: "localhost", port: 81)
        #expect(addresses.allSatisfy { $0.isLoopback && $0.port == 81 })
        #expect(try SocketAddress.lookUp(host: "::1", port: 1).map(\.description) == ["[::1]:1"])
        let error = #expect(throws: SocketAddress.LookupError.self) {
            try SocketAddress.lookUp(host: "no.such.name.invalid", port: 1)
        }
        #expect(error?.description.contains("no.such.name.invalid cannot be found") == true)
    }
}
