import Foundation
import POSIX
import Testing

struct SocketTests {
    @Test func `bytes go both ways over a loopback connection, watched by a poller`() throws {
        let listener = try Socket.listening(on: .loopback(), backlog: 8)
        #expect(try listener.accept() == nil)
        let client = try Socket.connected(to: try listener.localAddress())
        var poller = try Poller()
        try poller.add(listener.descriptor.raw, .readable, token: 42)
        var tokens: [UInt64] = []
        try poller.wait(timeout: 5000) { tokens.append($0.token) }
        #expect(tokens == [42])
        guard let accepted = try listener.accept() else {
            Issue.record("the poller saw a connection that cannot be accepted")
            return
        }
        #expect(accepted.address.isLoopback)
        try client.descriptor.write(all: Array("ping".utf8))
        try poller.add(accepted.socket.descriptor.raw, [.readable, .readHangUp], token: 7)
        try poller.wait(timeout: 5000) { event in #expect(event.token == 7 && event.isReadable) }
        #expect(try accepted.socket.descriptor.read(upTo: 16) == Array("ping".utf8))
        try accepted.socket.descriptor.write(all: Array("pong".utf8))
        #expect(try client.descriptor.read(upTo: 16) == Array("pong".utf8))
    }

    @Test func `signals of an event counter add up to one wake of a poller`() throws {
        let counter = try EventCounter()
        var poller = try Poller()
        try poller.add(counter.descriptor.raw, .readable, token: 1)
        counter.signal()
        counter.signal()
        var woken = 0
        try poller.wait(timeout: 5000) { _ in woken += 1 }
        counter.reset()
        try poller.wait(timeout: 0) { _ in woken += 1 }
        #expect(woken == 1)
    }

    @Test(arguments: [
        ("127.0.0.1:8080", true), ("[::1]:80", true), ("0.0.0.0:1", false), ("[::ffff:127.0.0.1]:9", true),
        ("192.168.1.2:65535", false), ("localhost:0", true),
    ])
    func `an address is read, and known to be loopback or not`(text: String, isLoopback: Bool) throws {
        let address = try SocketAddress(parsing: text)
        #expect(address.isLoopback == isLoopback)
        if !text.hasPrefix("localhost") { #expect(address.description == text) }
    }

    @Test(arguments: ["", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "[::1:80", "::1:80", "host:80", "1.2.3:4"])
    func `what is no address is refused with an example`(text: String) {
        let error = #expect(throws: SocketAddress.ParseError.self) { try SocketAddress(parsing: text) }
        #expect(error?.description.contains("127.0.0.1:8080") == true)
    }

    @Test func `a port that is taken is an error that names the address`() throws {
        let listener = try Socket.listening(on: .loopback(), backlog: 8)
        let address = try listener.localAddress()
        let error = #expect(throws: SystemCallError.self) { _ = try Socket.listening(on: address, backlog: 8) }
        #expect(error?.code == EADDRINUSE)
        #expect(error?.path == address.description)
    }
}
