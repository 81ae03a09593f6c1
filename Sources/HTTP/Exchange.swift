/// A request and its answer, from the complete head on.
struct Exchange {
    let request: Request
    let startedAt: UInt64
    var bodyParser: BodyParser
    var task: Task<Void, Never>?

    /// Whether the client waits for leave to send the body.
    var awaitsContinue: Bool
    /// Whether the handler is behind and the connection is not read.
    var isBodyPaused = false
    /// Whether the rest of the body is dropped, because the answer did not wait for it.
    var isDiscarding = false
    var discardedBytes = 0
    /// Whether the body cannot be followed any more: the connection ends with this answer.
    var isBodyBroken = false
    /// Silence and rate of the body, in milliseconds of the loop's clock and bytes.
    var lastBodyAt: UInt64
    var windowStart: UInt64
    var windowBytes = 0

    /// The status, once the answer has begun.
    var status: Status?
    /// Where a streamed body comes from.
    var stream: Stream?
    var closesAfter = false
    /// Whether every byte of the answer has been queued.
    var isResponseQueued = false

    /// A body that is made while it is sent.
    struct Stream {
        let writer: BodyWriter
        let body: StreamBody
        let isChunked: Bool
        var lastWriteAt: UInt64
    }

    /// Whether body bytes are still to come.
    var expectsBody: Bool { !bodyParser.isComplete && !isBodyBroken }
}
