internal import FineTuning
internal import Foundation
internal import POSIX
public import Storage

/// Tells a receiver how jobs end: takes the events in as they are committed, and delivers each until it is taken or three
/// days have passed.
///
/// What is to be delivered stands in the database, so that no end of this process loses it. A receiver may be told of
/// one event twice, with the same `webhook-id`.
public actor WebhookSender {
    private let database: Database
    private let endpoint: WebhookEndpoint
    private let secret: WebhookSecret
    private let schedule: WebhookSchedule
    private let report: @Sendable (WebhookReport) -> Void
    private var tasks: [Task<Void, Never>] = []
    /// Ends the pause of the deliverer.
    private var pause: Task<Void, Never>?
    /// How often something was noted to be delivered.
    private var arrivals = 0

    /// A sender that has not begun.
    ///
    /// - Parameter report: is told what came of attempts; called from any thread.
    public init(
        database: Database, endpoint: WebhookEndpoint, secret: WebhookSecret, schedule: WebhookSchedule = .init(),
        report: @escaping @Sendable (WebhookReport) -> Void
    ) {
        self.database = database
        self.endpoint = endpoint
        self.secret = secret
        self.schedule = schedule
        self.report = report
        // A receiver that hangs up is an error of the attempt, not the end of the process.
        Signals.ignoreBrokenPipe()
    }

    /// Begins where it was when it ended; at the first time with the next event.
    public func start() async throws {
        let cursor = try await database.webhooks.begin(at: database.feed.lastSequence)
        let events = database.feed.subscribe(after: cursor)
        tasks = [
            Task { [weak self] in
                do {
                    for try await batch in events {
                        let ends = batch.filter { $0.state?.isTerminal == true }
                        if !ends.isEmpty { await self?.takeIn(ends) }
                    }
                } catch {
                    await self?.tell(.failed(nil, "the events cannot be read any more: \(error)"))
                }
            },
            Task { [weak self] in
                while !Task.isCancelled { await self?.deliverDue() }
            },
        ]
    }

    /// Ends; what is not delivered is when it begins again.
    public func stop() {
        for task in tasks { task.cancel() }
        pause?.cancel()
    }

    private func tell(_ notice: WebhookReport) { report(notice) }

    private func takeIn(_ events: [Event]) async {
        while !Task.isCancelled {
            do {
                try await database.webhooks.enqueue(events)
                arrivals += 1
                pause?.cancel()
                return
            } catch {
                report(.failed(nil, "an event cannot be noted: \(error)"))
                try? await Task.sleep(for: schedule.firstPause)
            }
        }
    }

    /// Delivers what is due, and waits for what is next.
    private func deliverDue() async {
        var next = schedule.longestPause
        let seen = arrivals
        do {
            let now = Int(Date().timeIntervalSince1970)
            for delivery in try await database.webhooks.due(at: now) {
                if Task.isCancelled { return }
                try await deliver(delivery)
            }
            if let time = try await database.webhooks.nextAttempt() {
                next = min(next, .seconds(max(0, time - Int(Date().timeIntervalSince1970))))
            }
        } catch {
            report(.failed(nil, "deliveries cannot be read or noted: \(error)"))
            next = schedule.firstPause
        }
        // What came while the database was asked is not waited for.
        guard arrivals == seen else { return }
        let pause = Task<Void, Never> { try? await Task.sleep(for: next) }
        self.pause = pause
        await withTaskCancellationHandler {
            await pause.value
        } onCancel: {
            pause.cancel()
        }
    }

    private func deliver(_ delivery: WebhookDelivery) async throws {
        let time = Int(Date().timeIntervalSince1970)
        let attempt = WebhookAttempt(endpoint: endpoint, secret: secret, time: time)
        let result = await withCheckedContinuation { continuation in
            PlatformThread.detach(name: "webhook", stackSize: 1 << 20) {
                continuation.resume(
                    returning: Result { () throws(WebhookError) in try attempt.deliver(delivery) })
            }
        }
        switch result {
        case .success:
            try await database.webhooks.finish(delivery.id)
            report(.delivered(delivery))
        case .failure(let error):
            guard let pause = schedule.pause(after: delivery, at: time) else {
                try await database.webhooks.finish(delivery.id)
                report(.givenUp(delivery, "\(error)"))
                return
            }
            try await database.webhooks.postpone(delivery.id, until: time + pause)
            report(.failed(delivery, "\(error)"))
        }
    }
}
