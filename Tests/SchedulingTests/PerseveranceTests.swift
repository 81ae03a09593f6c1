import FineTuning
import POSIX
import Testing

@testable import Scheduling

@Suite("Perseverance", .timeLimit(.minutes(1)))
struct PerseveranceTests {
    private let notices = Notices()
    private var persevere: Perseverance {
        var configuration = Fixture.configuration(notices)
        configuration.retryDelay = .milliseconds(1)
        return Perseverance(configuration, jobID: "j")
    }

    @Test("outlasts a full disk for as long as it takes, and says so once at each end")
    func diskFull() async throws {
        var tries = 0
        let answer = try await persevere {
            tries += 1
            if tries < 20 { throw SystemCallError(call: "write", code: 28) }
            return 42
        }
        #expect(answer == 42)
        #expect(notices.all.map(\.level) == [.warn, .info])
        #expect(notices.all.allSatisfy { $0.jobID == "j" })
    }

    @Test("is called for where the machine is short of descriptors for a worker's pipes, not where there is no program")
    func shortage() {
        #expect(JobError.notStarted(SystemCallError(call: "pipe2", code: 24)).code == .busy)
        #expect(JobError.notStarted(SystemCallError(call: "posix_spawn", code: 2, path: "/w")).code == .workerDied)
    }

    @Test("gives up at once where waiting does not help")
    func final() async {
        var tries = 0
        await #expect(throws: JobError.self) {
            try await persevere {
                tries += 1
                throw JobError(.invalidModel, "no")
            }
        }
        #expect(tries == 1)
        #expect(notices.all.isEmpty)
    }

    @Test("gives up after some tries what nobody foresaw")
    func unforeseen() async {
        struct Surprise: Error {}
        var tries = 0
        await #expect(throws: Surprise.self) {
            try await persevere {
                tries += 1
                throw Surprise()
            }
        }
        #expect(tries == 5)
    }
}
