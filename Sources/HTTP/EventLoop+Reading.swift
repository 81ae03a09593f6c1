import CLinux
import Glibc
import POSIX
import Synchronization

extension EventLoop {
    /// How much of a body that nobody reads is taken so that the connection can be used again.
    private static let discardLimit = 256 * 1024

    /// Reads once; the poller tells again where there is more.
    func read(_ connection: Connection) {
        guard !connection.isPeerDone else { return }
        let count = recv(connection.raw, readBuffer.baseAddress, readBuffer.count, 0)
        if count < 0 {
            if errno != EAGAIN, errno != EINTR { close(connection) }
            return
        }
        if count == 0 { return peerIsDone(connection) }
        if connection.phase == .lingering {
            connection.deadline = now + lingerTime
            return
        }
        process(connection, UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(readBuffer)[..<count]))
    }

    /// The other side has finished writing; it may still read.
    private func peerIsDone(_ connection: Connection) {
        connection.peerDoneAt = now
        switch connection.phase {
        case .lingering: return close(connection)
        case .head:
            guard connection.parser.hasStarted else { return close(connection) }
            return refuse(connection, .badRequest("the request ends in the middle of its head"))
        case .exchange:
            // A stream without end is of no use to a client that has left, and cannot tell it from one that has not.
            if connection.exchange?.stream?.body.heartbeat != nil { return close(connection) }
            if connection.exchange?.expectsBody == true {
                return bodyBroke(connection, .badRequest("the request ends in the middle of its body"))
            }
        }
        if self.connection(connection.token) != nil { updateInterest(connection) }
    }

    /// Takes bytes in the order of the requests that they belong to.
    func process(_ connection: Connection, _ input: UnsafeRawBufferPointer) {
        var offset = 0
        while offset < input.count, self.connection(connection.token) != nil {
            let rest = UnsafeRawBufferPointer(rebasing: input[offset...])
            switch connection.phase {
            case .lingering: return
            case .exchange:
                if connection.exchange?.isBodyBroken == true { return }
                if connection.exchange?.expectsBody == true {
                    offset += takeBody(connection, rest)
                } else {
                    connection.pipelined += rest
                    return updateInterest(connection)
                }
            case .head:
                guard let consumed = takeHead(connection, rest) else { return }
                offset += consumed
            }
        }
    }

    /// - Returns: how many bytes were taken; nil where the request was refused.
    private func takeHead(_ connection: Connection, _ input: UnsafeRawBufferPointer) -> Int? {
        do throws(HTTPError) {
            let (consumed, head) = try connection.parser.consume(input)
            if let head {
                begin(connection, head)
            } else if !connection.isHeadTimed, connection.parser.hasStarted {
                connection.isHeadTimed = true
                if connection.requestCount > 0 { connection.deadline = now + limits.header }
            }
            return consumed
        } catch {
            refuse(connection, error)
            return nil
        }
    }

    private func takeBody(_ connection: Connection, _ input: UnsafeRawBufferPointer) -> Int {
        // Taken out while it changes, so that the parser's buffers are not copied.
        guard var exchange = connection.exchange else { return input.count }
        connection.exchange = nil
        exchange.awaitsContinue = false
        exchange.lastBodyAt = now
        var data: [UInt8] = []
        do throws(HTTPError) {
            let consumed = try exchange.bodyParser.consume(input, into: &data)
            exchange.windowBytes += consumed
            if exchange.isDiscarding {
                exchange.discardedBytes += consumed
            } else if !data.isEmpty, !exchange.request.body.append(data) {
                exchange.isBodyPaused = true
            }
            let isComplete = exchange.bodyParser.isComplete
            if isComplete {
                exchange.request.body.finish()
                exchange.isBodyPaused = false
            }
            if exchange.discardedBytes > Self.discardLimit, !isComplete {
                // Not worth following: the connection ends, but not before the answer is through.
                exchange.isBodyBroken = true
                exchange.closesAfter = true
            }
            connection.exchange = exchange
            if exchange.isBodyPaused { updateInterest(connection) }
            if !exchange.expectsBody { finishIfComplete(connection) }
            return consumed
        } catch {
            connection.exchange = exchange
            if !data.isEmpty, !exchange.isDiscarding { _ = exchange.request.body.append(data) }
            bodyBroke(connection, error)
            return input.count
        }
    }

    /// The body cannot be followed any more: the handler learns why, and the connection ends with its answer.
    func bodyBroke(_ connection: Connection, _ error: HTTPError) {
        connection.exchange?.isBodyBroken = true
        connection.exchange?.closesAfter = true
        connection.exchange?.request.body.fail(error)
        if connection.exchange?.isDiscarding == true, connection.exchange?.isResponseQueued == true {
            return finishIfComplete(connection)
        }
        updateInterest(connection)
    }

    /// The handler waits for the body, or has made room.
    func bodyIsWanted(_ connection: Connection) {
        guard connection.exchange?.expectsBody == true else { return }
        if connection.exchange?.awaitsContinue == true, connection.exchange?.status == nil {
            connection.exchange?.awaitsContinue = false
            connection.output.append(ResponseEncoder.continueResponse)
            flush(connection)
            guard self.connection(connection.token) != nil else { return }
        }
        connection.exchange?.isBodyPaused = false
        connection.exchange?.lastBodyAt = now
        updateInterest(connection)
    }

    /// Starts the handler of a request.
    private func begin(_ connection: Connection, _ head: RequestHead) {
        connection.phase = .exchange
        connection.requestCount += 1
        connection.isHeadTimed = false
        setup.counters.requests.wrappingAdd(1, ordering: .relaxed)
        let (mailbox, token) = (setup.mailbox, connection.token)
        let configuration = setup.configuration
        let limits = BodyParser.Limits(
            extensionBytes: configuration.maximumChunkExtensionBytes, trailerBytes: configuration.maximumTrailerBytes)
        let parser = BodyParser(framing: head.framing, limits: limits)
        let awaitsContinue = head.expectsContinue
        let body =
            parser.isComplete
            ? RequestBody.empty
            : RequestBody(declaredLength: parser.remainingLength, isPaused: awaitsContinue) {
                mailbox.post(.bodyDemand(token))
            }
        let request = setup.router.routed(
            Request(head: head, id: RequestIdentifier.next(), body: body, remoteAddress: connection.address))
        connection.exchange = Exchange(
            request: request, startedAt: now, bodyParser: parser, awaitsContinue: awaitsContinue, lastBodyAt: now,
            windowStart: now)
        let run = HandlerRun(request: request, setup: setup, token: token)
        if request.isPrompt {
            connection.exchange?.task = Task.immediate(executorPreference: setup.executor) { await run.run() }
        } else {
            runs.append(run)
        }
    }

    /// Starts the handlers of the requests that came at once, together: waking a thread costs more than a short handler.
    func startHandlers() {
        for run in runs {
            guard let connection = connection(run.token) else { continue }
            connection.exchange?.task = Task(executorPreference: setup.executor) { await run.run() }
        }
        runs.removeAll(keepingCapacity: runs.capacity <= 4096)
    }
}
