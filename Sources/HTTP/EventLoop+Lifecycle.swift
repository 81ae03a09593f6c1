import POSIX
import Synchronization

extension EventLoop {
    /// Begins or ceases to accept; ceasing leaves connections in the backlog.
    func setListening(_ isListening: Bool) throws(SystemCallError) {
        guard let listener, isListening != self.isListening else { return }
        let raw = listener.socket.descriptor.raw
        if isListening {
            try poller.add(raw, [.readable, .exclusive], token: Self.listenerToken)
        } else {
            try poller.remove(raw)
        }
        self.isListening = isListening
    }

    /// How many bytes of an answer the system may hold back for a client that is slow to take them.
    private static let unsentLimit: Int32 = 128 * 1024

    func acceptConnections() {
        // A bounded number, so that a flood of connections does not starve those that are open.
        for _ in 0..<64 {
            guard let listener, isListening else { return }
            do throws(SystemCallError) {
                if openCount >= maximumConnections { return try setListening(false) }
                guard let accepted = try listener.socket.accept() else { return }
                let address = accepted.address
                try open(accepted.takeSocket(), address)
            } catch {
                // Out of descriptors or memory: the backlog waits until the next sweep. Where not even this can be
                // done, the next readiness tries again.
                try? setListening(false)
            }
        }
    }

    private func open(_ socket: consuming Socket, _ address: SocketAddress) throws(SystemCallError) {
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = free
        } else {
            slot = slots.count
            slots.append(nil)
            generations.append(0)
        }
        let token = UInt64(generations[slot]) << 32 | UInt64(slot)
        let configuration = setup.configuration
        let limits = RequestParser.Limits(
            headerBytes: configuration.maximumHeaderBytes, lineBytes: configuration.maximumLineBytes,
            headerCount: configuration.maximumHeaderCount)
        let connection = Connection(token: token, socket: socket, address: address, limits: limits)
        connection.socket.limitOutput(unsentBytes: Self.unsentLimit, silence: Int32(clamping: self.limits.write))
        do throws(SystemCallError) {
            try poller.add(connection.raw, connection.interest, token: token)
        } catch {
            freeSlots.append(slot)
            throw error
        }
        // The first head is timed from the connection on: one that sends nothing is no use to anyone.
        connection.deadline = now + self.limits.header
        slots[slot] = connection
        openCount += 1
        setup.counters.accepted.wrappingAdd(1, ordering: .relaxed)
        setup.counters.open.wrappingAdd(1, ordering: .relaxed)
    }

    /// Ends a connection at once and tells its handler.
    func close(_ connection: Connection) {
        let slot = Int(connection.token & 0xFFFF_FFFF)
        guard self.connection(connection.token) != nil else { return }
        slots[slot] = nil
        // A generation short of the tokens that the loop uses itself.
        generations[slot] = (generations[slot] + 1) & 0x7FFF_FFFF
        freeSlots.append(slot)
        openCount -= 1
        setup.counters.open.wrappingSubtract(1, ordering: .relaxed)
        // The descriptor is closed here, with the last reference to the connection; epoll forgets it by that, also where
        // this fails.
        try? poller.remove(connection.raw)
        if let exchange = connection.exchange {
            log(exchange, connection, isComplete: false)
            exchange.request.body.fail(ConnectionClosedError())
            exchange.stream?.writer.close()
            exchange.task?.cancel()
        }
        connection.exchange = nil
        // Where it fails, the next sweep tries again.
        if !isListening, !isDraining { try? setListening(true) }
    }

    func setInterest(_ connection: Connection, _ interest: Poller.Interest) {
        guard interest != connection.interest else { return }
        connection.interest = interest
        do throws(SystemCallError) {
            try poller.modify(connection.raw, interest, token: connection.token)
        } catch {
            close(connection)
        }
    }

    /// Watches for what the state of the connection waits for.
    func updateInterest(_ connection: Connection) {
        var interest: Poller.Interest = []
        let isFull = connection.pipelined.count > 16 * 1024 || connection.exchange?.isBodyPaused == true
        if !connection.isPeerDone, !isFull { interest.insert(.readable) }
        if !connection.output.isEmpty { interest.insert(.writable) }
        setInterest(connection, interest)
    }

    /// How long a connection that we closed waits for the other side; milliseconds.
    ///
    /// Short while draining: a client that keeps an idle connection does not notice that it ended before it wants to use
    /// it again.
    var lingerTime: UInt64 { drainDeadline == nil ? limits.linger : min(limits.linger, 500) }

    /// Closes our side and waits a little for the other, throwing away what it still sends: a close with unread bytes
    /// would reset the connection and take the answer with it (RFC 9112 §9.6).
    func linger(_ connection: Connection) {
        if connection.isPeerDone { return close(connection) }
        connection.phase = .lingering
        connection.exchange = nil
        connection.pipelined = []
        connection.deadline = now + lingerTime
        connection.lingerEnd = now + 6 * lingerTime
        do throws(SystemCallError) {
            try connection.socket.shutdownWriting()
        } catch {
            return close(connection)
        }
        updateInterest(connection)
    }

    /// Stops accepting, ends what is idle, and lets everything else finish.
    func beginDrain(_ deadline: UInt64) {
        guard drainDeadline == nil else { return }
        // Both may fail: the socket is closed below, and another loop may have stopped it already.
        try? setListening(false)
        try? listener?.socket.stopListening()
        listener = nil
        drainDeadline = deadline
        for connection in slots {
            guard let connection else { continue }
            switch connection.phase {
            case .head: if !connection.parser.hasStarted { linger(connection) }
            case .exchange: sayFarewell(connection)
            case .lingering: connection.deadline = min(connection.deadline, now + lingerTime)
            }
        }
    }
}
