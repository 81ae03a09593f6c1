extension EventLoop {
    /// Looks at every connection's time-outs.
    func sweep() {
        if !isListening, !isDraining, openCount < maximumConnections { try? setListening(true) }
        for connection in slots {
            guard let connection else { continue }
            if let drainDeadline, now >= drainDeadline {
                close(connection)
                continue
            }
            switch connection.phase {
            case .head: if now >= connection.deadline { headTimedOut(connection) }
            case .lingering: if now >= connection.deadline { close(connection) }
            case .exchange: sweepExchange(connection)
            }
        }
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
        if window >= 10_000 {
            isTooSlow = isTooSlow || exchange.windowBytes * 1000 < setup.configuration.minimumBodyRate * Int(window)
            exchange.windowStart = now
            exchange.windowBytes = 0
        }
        connection.exchange = exchange
        if isTooSlow { bodyBroke(connection, HTTPError(.requestTimeout, "the request body arrives too slowly")) }
    }
}
