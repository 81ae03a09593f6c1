import POSIX
import Testing

@testable import API

struct WrongTokenThrottleTests {
    private let start = ContinuousClock.now
    private let address = SocketAddress(bytes: [192, 0, 2, 1], port: 5000)

    @Test func `So many wrong tokens are answered at once, then one each five seconds`() {
        let throttle = WrongTokenThrottle(start: start)
        for _ in 0..<WrongTokenThrottle.burst { #expect(throttle.delay(for: address, at: start) == nil) }
        #expect(throttle.delay(for: address, at: start) == .seconds(5))
        // What is refused does not make the wait longer, and the wait that is told is enough.
        #expect(throttle.delay(for: address, at: start + .seconds(2)) == .seconds(3))
        #expect(throttle.delay(for: address, at: start + .seconds(5)) == nil)
        #expect(throttle.delay(for: address, at: start + .seconds(5)) == .seconds(5))
        // The allowance grows whole again, and no larger than it was.
        let later = start + .seconds(86_400)
        for _ in 0..<WrongTokenThrottle.burst { #expect(throttle.delay(for: address, at: later) == nil) }
        #expect(throttle.delay(for: address, at: later) == .seconds(5))
    }

    @Test func `Another port is the same address, another address is not`() {
        let throttle = WrongTokenThrottle(places: 1 << 20, start: start)
        for port in 0..<UInt16(WrongTokenThrottle.burst) {
            #expect(throttle.delay(for: SocketAddress(bytes: address.bytes, port: port), at: start) == nil)
        }
        #expect(throttle.delay(for: address, at: start) != nil)
        let others = (2...9).filter {
            throttle.delay(for: SocketAddress(bytes: [192, 0, 2, $0], port: 5000), at: start) == nil
        }
        #expect(!others.isEmpty)
    }

    @Test(arguments: [
        ("[2001:db8:1:2::1]:80", "[2001:db8:1:2:ffff:ffff:ffff:ffff]:81", true),
        ("[2001:db8:1:2::1]:80", "[2001:db8:1:3::1]:80", false),
        ("[::ffff:192.0.2.1]:80", "192.0.2.1:80", true), ("[::ffff:192.0.2.1]:80", "192.0.2.2:80", false),
        ("127.0.0.1:1", "127.0.0.2:1", false),
    ])
    func `Networks of IPv6 count as one, mapped addresses as what they are`(
        one: String, other: String, areOne: Bool
    ) throws {
        let networks = try [one, other].map { WrongTokenThrottle.network(of: try SocketAddress(parsing: $0)) }
        #expect((networks[0] == networks[1]) == areOne)
    }

    @Test func `A million addresses share one table and are answered no more often than it has places for`() {
        let throttle = WrongTokenThrottle(start: start)
        var answered = 0
        for number in 0..<1_000_000 {
            let bytes = [10, UInt8(number >> 16), UInt8(number >> 8 & 255), UInt8(number & 255)]
            if throttle.delay(for: SocketAddress(bytes: bytes, port: 1), at: start) == nil { answered += 1 }
        }
        #expect(answered <= (1 << 14) * WrongTokenThrottle.burst)
        #expect(answered > 100_000)
    }
}
