import CLinux
import Glibc
import POSIX

/// What waits to be sent on a connection, in order.
struct OutputQueue {
    /// One piece. `payload` is how much of it a body writer is told of when it has been sent.
    private enum Piece {
        case bytes([UInt8], sent: Int, payload: Int)
        case file(OpenFile, offset: Int, remaining: Int)
    }

    /// How far sending got.
    enum Outcome {
        /// Everything is with the system.
        case sent
        /// The system takes no more now, or it is the turn of others.
        case blocked
        /// The connection, or a file that was to be sent, is broken.
        case failed
    }

    private var pieces: [Piece] = []
    private var first = 0

    var isEmpty: Bool { first == pieces.count }

    mutating func append(_ bytes: [UInt8], payload: Int = 0) {
        if !bytes.isEmpty { pieces.append(.bytes(bytes, sent: 0, payload: payload)) }
    }

    mutating func append(_ piece: BodyPiece) {
        switch piece {
        case .bytes(let bytes): append(bytes)
        case .file(let file, let offset, let length):
            if length > 0 { pieces.append(.file(file, offset: offset, remaining: length)) }
        }
    }

    /// Gives the system as much as it takes.
    ///
    /// - Parameter budget: bytes that may go in this turn; less what went.
    /// - Returns: the outcome, whether anything went, and how much payload was completed.
    mutating func send(to socket: Int32, budget: inout Int) -> (outcome: Outcome, hasProgress: Bool, payload: Int) {
        var hasProgress = false
        var payload = 0
        while first < pieces.count {
            let isLast = first + 1 == pieces.count
            let (outcome, sent) = Self.send(&pieces[first], to: socket, isLast: isLast, budget: budget)
            budget -= sent
            if sent > 0 { hasProgress = true }
            if outcome != .sent { return (outcome, hasProgress, payload) }
            if case .bytes(_, _, let part) = pieces[first] { payload += part }
            // Lets go of the bytes or the file at once, not when the whole queue is through.
            pieces[first] = .bytes([], sent: 0, payload: 0)
            first += 1
        }
        pieces.removeAll(keepingCapacity: pieces.capacity <= 8)
        first = 0
        return (.sent, hasProgress, payload)
    }

    private static func send(
        _ piece: inout Piece, to socket: Int32, isLast: Bool, budget: Int
    ) -> (Outcome, Int) {
        var total = 0
        while true {
            let count: Int
            switch piece {
            case .bytes(let bytes, let sent, let payload):
                if sent == bytes.count { return (.sent, total) }
                if total >= budget { return (.blocked, total) }
                let flags = Int32(MSG_NOSIGNAL) | (isLast ? 0 : Int32(MSG_MORE))
                count = bytes.withUnsafeBytes { buffer in
                    let count = min(buffer.count - sent, budget - total)
                    return Glibc.send(socket, buffer.baseAddress.map { $0 + sent }, count, flags)
                }
                if count > 0 { piece = .bytes(bytes, sent: sent + count, payload: payload) }
            case .file(let file, let offset, let remaining):
                if remaining == 0 { return (.sent, total) }
                if total >= budget { return (.blocked, total) }
                var position = off_t(offset)
                count = sendfile(socket, file.descriptor.raw, &position, min(remaining, budget - total))
                if count > 0 { piece = .file(file, offset: offset + count, remaining: remaining - count) }
                // The file has become shorter than was promised in the head.
                if count == 0 { return (.failed, total) }
            }
            if count < 0 {
                if errno == EINTR { continue }
                return (errno == EAGAIN ? .blocked : .failed, total)
            }
            total += count
        }
    }
}
