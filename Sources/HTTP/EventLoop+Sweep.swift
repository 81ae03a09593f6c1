extension EventLoop {
    /// Looks at every connection's time-outs.
    func sweep() {
        setup.executor.relieve(now: now)
        if !isListening, !isDraining {
            if openCount >= maximumConnections { makeRoom() }
            if openCount < maximumConnections { try? setListening(true) }
        }
        for connection in slots {
            guard let connection else { continue }
            if let drainDeadline, now >= drainDeadline {
                close(connection)
                continue
            }
            switch connection.phase {
            case .head: if now >= connection.deadline { headTimedOut(connection) }
            case .lingering:
                if now >= connection.deadline || now >= connection.lingerEnd { close(connection) }
            case .exchange: sweepExchange(connection)
            }
        }
    }

    /// Ends the connections that have been idle longest, so that who waits in the backlog is not kept out by others that
    /// ask for nothing.
    private func makeRoom() {
        let idle = slots.compactMap { connection -> (connection: Connection, since: UInt64)? in
            guard let connection, let since = idleSince(connection), now - since >= 1000 else { return nil }
            return (connection, since)
        }
        let count = max(1, maximumConnections / 16)
        for (connection, _) in idle.sorted(by: { $0.since < $1.since }).prefix(count) { close(connection) }
    }

    /// Since when a connection has been idle, in milliseconds of the loop's clock; nil where it is at work.
    private func idleSince(_ connection: Connection) -> UInt64? {
        let wait: UInt64
        switch connection.phase {
        case .lingering: wait = lingerTime
        // The first request of a connection may be on its way still; it is timed more closely in any case.
        case .head where connection.requestCount > 0 && !connection.isHeadTimed: wait = limits.keepAlive
        case .head, .exchange: return nil
        }
        return min(now, connection.deadline - min(wait, connection.deadline))
    }

    /// A head that began is answered, an idle connection is not.
    private func headTimedOut(_ connection: Connection) {
        guard connection.parser.hasStarted else { return linger(connection) }
        refuse(connection, HTTPError(.requestTimeout, "the request head did not arrive in time"))
    }

    private func sweepExchange(_ connection: Connection) {
        if !connection.output.isEmpty {
            // The client takes nothing: it holds memory and a handler for nothing.
            if now >= connection.deadline { close(connection) }
            return
        }
        if let doneAt = connection.peerDoneAt, connection.exchange?.status == nil, now >= doneAt + limits.halfClosed {
            return close(connection)
        }
        if let stream = connection.exchange?.stream, let heartbeat = stream.body.heartbeat,
            now - stream.lastWriteAt >= heartbeat.interval.milliseconds
        {
            sendStreamed(connection, [heartbeat.bytes], payload: 0)
        }
        checkBodyPace(connection)
    }

    /// A body that is silent or trickles, while nothing but the client is waited for.
    private func checkBodyPace(_ connection: Connection) {
        guard var exchange = connection.exchange, exchange.expectsBody else { return }
        if exchange.isBodyPaused || exchange.awaitsContinue {
            exchange.lastBodyAt = now
            exchange.windowStart = now
            exchange.windowBytes = 0
            connection.exchange = exchange
            return
        }
        var isTooSlow = now - exchange.lastBodyAt >= limits.bodyIdle
        let window = now - exchange.windowStart
        if window >= limits.bodyRateWindow {
            // Silence is the idle time-out's business.
            let leastBytes = setup.configuration.minimumBodyRate * Int(window) / 1000
            isTooSlow = isTooSlow || (exchange.windowBytes > 0 && exchange.windowBytes < leastBytes)
            exchange.windowStart = now
            exchange.windowBytes = 0
        }
        connection.exchange = exchange
        if isTooSlow { bodyBroke(connection, HTTPError(.requestTimeout, "the request body arrives too slowly")) }
    }
}
