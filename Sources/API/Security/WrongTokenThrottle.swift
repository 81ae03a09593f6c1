import POSIX
import Synchronization

/// Slows down whoever tries tokens out: of one address only so many wrong ones are answered as wrong, and later ones are
/// refused until some time has passed.
///
/// It is asked about wrong tokens only, so that it never stands in the way of a valid one, whoever else sends from the
/// same address. An address is that of the connection; what a proxy says in a header counts for nothing.
///
/// The generic cell rate algorithm (ITU-T I.371, annex A): all that is kept of an address is when its allowance will be
/// whole again. These times lie in a table of a fixed size, at a place that a hash with a secret key chooses, so that a
/// million addresses take no more memory than one. Addresses that meet in a place share its allowance.
final class WrongTokenThrottle: Sendable {
    /// Wrong tokens that an address may send at once: enough for a client that was configured wrongly to be told so
    /// plainly, and nothing against 192 random bits.
    static let burst = 100
    /// After how long it may send another one.
    static let interval = Duration.seconds(5)

    /// How long after `start` the allowance of each place is whole again.
    private let places: Mutex<[Duration]>
    private let start: ContinuousClock.Instant

    /// A throttle.
    ///
    /// - Parameters:
    ///   - places: of the table.
    ///   - start: no later than any time that it is asked about.
    init(places: Int = 1 << 14, start: ContinuousClock.Instant = .now) {
        self.places = Mutex(Array(repeating: .zero, count: places))
        self.start = start
    }

    /// Takes note of a wrong token.
    ///
    /// - Returns: how long the address has to wait where it has sent too many, else nil.
    func delay(for address: SocketAddress, at time: ContinuousClock.Instant = .now) -> Duration? {
        let now = time - start
        let network = Self.network(of: address)
        return places.withLock { places in
            let place = Int(network.hashValue.magnitude % UInt(places.count))
            let whole = max(places[place], now)
            let wait = whole - now - Self.interval * (Self.burst - 1)
            guard wait <= .zero else { return wait }
            places[place] = whole + Self.interval
            return nil
        }
    }

    /// The bytes by which an address counts: all of an IPv4 address, also of one mapped into IPv6, and the first 64 bits
    /// of an IPv6 address, which is the least that a single customer is given (RFC 6177).
    static func network(of address: SocketAddress) -> [UInt8] {
        guard address.isIPv6 else { return address.bytes }
        let isMapped = address.bytes.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF])
        return isMapped ? Array(address.bytes.suffix(4)) : Array(address.bytes.prefix(8))
    }
}
