import POSIX
import Synchronization

extension EventLoop {
    /// How many bytes one connection is sent before the others have their turn.
    private static let turn = 1 << 20

    /// Sends the answer of a handler, or its beginning.
    func respond(_ connection: Connection, _ response: PreparedResponse) {
        guard connection.phase == .exchange, let exchange = connection.exchange, exchange.status == nil else {
            return response.abandon()
        }
        let head = exchange.request.head
        let keepsAlive = keepsAlive(connection, exchange)
        let framing = Self.framing(response, minorVersion: head.minorVersion)
        let closes = !keepsAlive || framing == .close
        connection.exchange?.closesAfter = closes
        connection.exchange?.status = response.status
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        ResponseEncoder.appendHead(
            response.status, response.headers, framing: framing,
            persistence: closes ? .close : head.minorVersion == 0 ? .keepAlive : .implied, date: date(),
            id: exchange.request.id, to: &bytes)
        switch response.body {
        case .none: connection.output.append(bytes)
        case .bytes(let body):
            bytes += body
            connection.output.append(bytes)
        case .pieces(let pieces, _):
            connection.output.append(bytes)
            for piece in pieces { connection.output.append(piece) }
        case .stream(let writer, let body):
            connection.output.append(bytes)
            connection.exchange?.stream = Exchange.Stream(
                writer: writer, body: body, isChunked: framing == .chunked, lastWriteAt: now)
        }
        connection.deadline = now + limits.write
        if connection.exchange?.stream == nil { connection.exchange?.isResponseQueued = true }
        dropRestOfBody(connection)
        flush(connection)
        guard self.connection(connection.token) != nil else { return }
        // As in `peerIsDone`, for a client that left before the stream began.
        if connection.isPeerDone, connection.exchange?.stream?.body.heartbeat != nil { return close(connection) }
        if isDraining { sayFarewell(connection) }
    }

    private func keepsAlive(_ connection: Connection, _ exchange: Exchange) -> Bool {
        guard exchange.request.head.keepsAlive, !exchange.closesAfter, !isDraining else { return false }
        guard connection.requestCount < setup.configuration.maximumRequestsPerConnection else { return false }
        guard exchange.expectsBody else { return true }
        // Leave to send the body was never given, and whether it comes all the same cannot be known.
        if exchange.awaitsContinue { return false }
        return exchange.bodyParser.remainingLength ?? 0 <= 256 * 1024
    }

    private static func framing(_ response: PreparedResponse, minorVersion: Int) -> ResponseEncoder.Framing {
        switch response.body {
        case .none(let length): length.map { .length($0) } ?? .none
        case .bytes(let bytes): .length(bytes.count)
        case .pieces(_, let length): .length(length)
        case .stream: minorVersion == 0 ? .close : .chunked
        }
    }

    /// What the handler has not read by now is not kept for it, unless it still streams.
    private func dropRestOfBody(_ connection: Connection) {
        guard let exchange = connection.exchange, exchange.expectsBody, exchange.isResponseQueued else { return }
        exchange.request.body.fail(ConnectionClosedError())
        connection.exchange?.isDiscarding = true
        connection.exchange?.isBodyPaused = false
        connection.exchange?.lastBodyAt = now
        updateInterest(connection)
    }

    /// Sends what is queued, then what a streamed body has ready, then goes on to the next request.
    func flush(_ connection: Connection) {
        // A client that takes as fast as it is given would otherwise keep the loop from every other.
        var budget = Self.turn
        while self.connection(connection.token) != nil {
            let (outcome, hasProgress, payload) = connection.output.send(to: connection.raw, budget: &budget)
            if hasProgress { connection.deadline = now + limits.write }
            if payload > 0 { connection.exchange?.stream?.writer.didSend(payload) }
            switch outcome {
            case .failed: return close(connection)
            case .blocked: return updateInterest(connection)
            case .sent: break
            }
            if connection.phase == .exchange, connection.exchange?.stream != nil, takeStreamed(connection) { continue }
            break
        }
        guard self.connection(connection.token) != nil else { return }
        if connection.interest.contains(.writable) { updateInterest(connection) }
        if connection.phase == .exchange, connection.exchange?.isResponseQueued == true { finishIfComplete(connection) }
    }

    /// A streamed body has bytes, or has ended.
    func pump(_ connection: Connection) {
        guard connection.exchange?.stream != nil, connection.output.isEmpty else { return }
        if takeStreamed(connection) { flush(connection) }
    }

    /// Queues what the writer has.
    ///
    /// - Returns: whether there was anything.
    private func takeStreamed(_ connection: Connection) -> Bool {
        guard connection.exchange?.isResponseQueued == false, let stream = connection.exchange?.stream else {
            return false
        }
        let (chunks, end) = stream.writer.take()
        if !chunks.isEmpty { queueStreamed(connection, chunks, payload: chunks.reduce(0) { $0 + $1.count }) }
        switch end {
        case nil: return !chunks.isEmpty
        case .failed:
            // What was written before still goes out, as far as the system takes it at once.
            var budget = Self.turn
            _ = connection.output.send(to: connection.raw, budget: &budget)
            close(connection)
            return false
        case .complete:
            endStream(connection, stream)
            return true
        }
    }

    private func endStream(_ connection: Connection, _ stream: Exchange.Stream) {
        if stream.isChunked { connection.output.append(ResponseEncoder.lastChunk) }
        connection.exchange?.isResponseQueued = true
        dropRestOfBody(connection)
    }

    private func queueStreamed(_ connection: Connection, _ chunks: [[UInt8]], payload: Int) {
        guard let stream = connection.exchange?.stream else { return }
        connection.exchange?.stream?.lastWriteAt = now
        if connection.output.isEmpty { connection.deadline = now + limits.write }
        if stream.isChunked {
            connection.output.append(ResponseEncoder.chunk(chunks), payload: payload)
        } else {
            connection.output.append(Array(chunks.joined()), payload: payload)
        }
    }

    /// Sends bytes in the place of the producer.
    func sendStreamed(_ connection: Connection, _ chunks: [[UInt8]], payload: Int) {
        queueStreamed(connection, chunks, payload: payload)
        flush(connection)
    }

    /// Ends a body that has no end of its own, because the server drains.
    func sayFarewell(_ connection: Connection) {
        guard let exchange = connection.exchange, !exchange.isResponseQueued, let stream = exchange.stream,
            let farewell = stream.body.farewell
        else { return }
        stream.writer.close()
        exchange.task?.cancel()
        let (chunks, _) = stream.writer.take()
        let last = chunks + (farewell.isEmpty ? [] : [farewell])
        if !last.isEmpty { queueStreamed(connection, last, payload: 0) }
        connection.exchange?.closesAfter = true
        endStream(connection, stream)
        flush(connection)
    }

    /// Goes on to the next request once both the answer and the body of this one are through.
    func finishIfComplete(_ connection: Connection) {
        guard let exchange = connection.exchange, exchange.isResponseQueued, connection.output.isEmpty else { return }
        let closes = exchange.closesAfter || isDraining
        if !closes, exchange.expectsBody { return }
        log(exchange, connection, isComplete: true)
        exchange.stream?.writer.close()
        connection.exchange = nil
        if closes { return linger(connection) }
        connection.phase = .head
        connection.deadline = now + limits.keepAlive
        let pipelined = connection.pipelined
        connection.pipelined = []
        if !pipelined.isEmpty { pipelined.withUnsafeBytes { process(connection, $0) } }
        guard self.connection(connection.token) != nil else { return }
        if connection.isPeerDone, connection.phase == .head {
            return connection.parser.hasStarted
                ? refuse(connection, .badRequest("the request ends in the middle of its head")) : close(connection)
        }
        updateInterest(connection)
    }

    func log(_ exchange: Exchange, _ connection: Connection, isComplete: Bool) {
        guard let accessLog = setup.accessLog else { return }
        let request = exchange.request
        accessLog(
            AccessRecord(
                id: request.id, method: request.method, path: request.path, route: request.route,
                status: exchange.status, isComplete: isComplete,
                duration: .milliseconds(Int64(now - exchange.startedAt)), remoteAddress: connection.address))
    }

    /// Answers what is no request, and closes.
    func refuse(_ connection: Connection, _ error: HTTPError) {
        setup.counters.refusals.wrappingAdd(1, ordering: .relaxed)
        let response = HandlerRun.answer(to: error, nil, setup.router.errorResponse)
        let id = RequestIdentifier.next()
        var bytes: [UInt8] = []
        var length = 0
        if case .bytes(let body) = response.body { length = body.count }
        ResponseEncoder.appendHead(
            response.status, response.headers, framing: .length(length), persistence: .close, date: date(), id: id,
            to: &bytes)
        if case .bytes(let body) = response.body { bytes += body }
        connection.output.append(bytes)
        var budget = Self.turn
        let (outcome, _, _) = connection.output.send(to: connection.raw, budget: &budget)
        setup.accessLog?(
            AccessRecord(
                id: id, method: nil, path: nil, route: nil, status: response.status, isComplete: true,
                duration: .zero, remoteAddress: connection.address))
        // A client whose buffers are full of its own doing does not get to wait for more.
        if outcome == .sent { linger(connection) } else { close(connection) }
    }
}
