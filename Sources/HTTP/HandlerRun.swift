/// The work on one request that is done outside of the event loop.
struct HandlerRun: Sendable {
    let request: Request
    let setup: EventLoop.Setup
    let token: UInt64

    /// Runs the handler, hands its answer to the loop, and writes a streamed body.
    func run() async {
        let prepared = await answer()
        setup.mailbox.post(.respond(token, prepared))
        guard case .stream(let writer, let stream) = prepared.body else { return }
        do {
            try await stream.produce(writer)
            writer.finish(.complete)
        } catch {
            // The head is out and says nothing of it: cutting the body short is how the client learns.
            writer.finish(.failed)
        }
    }

    private func answer() async -> PreparedResponse {
        do {
            return try prepare(try await setup.handler(request))
        } catch {
            return Self.answer(to: error, request, setup.router.errorResponse)
        }
    }

    private func prepare(_ response: Response) throws -> PreparedResponse {
        let (mailbox, token) = (setup.mailbox, token)
        return try PreparedResponse(response, to: request) { BodyWriter { mailbox.post(.output(token)) } }
    }

    /// The answer to an error. Its body can only be bytes: of any other kind nothing is sent.
    static func answer(
        to error: any Error, _ request: Request?, _ errorResponse: ErrorResponse
    ) -> PreparedResponse {
        let response = errorResponse(error, request)
        var bytes: [UInt8] = []
        if case .bytes(let given) = response.body { bytes = given }
        let isHead = request?.method == .head
        var prepared = PreparedResponse(status: response.status, headers: response.headers, bytes: bytes)
        if isHead { prepared.body = .none(length: bytes.count) }
        return prepared
    }
}
