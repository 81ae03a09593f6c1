import FineTuning
import Testing

@Suite("The states of a job")
struct JobStateTests {
    @Test("end in three that nothing follows")
    func terminal() {
        #expect(JobState.allCases.filter(\.isTerminal) == [.succeeded, .failed, .cancelled])
    }

    @Test("are all reached from the first")
    func reachable() {
        var reached: Set<JobState> = [.validatingFiles]
        while case let next = reached.union(reached.flatMap(\.successors)), next != reached { reached = next }
        #expect(reached == Set(JobState.allCases))
    }

    @Test("never lead a job that was not running to success")
    func success() {
        #expect(JobState.allCases.filter { $0.canTransition(to: .succeeded) } == [.running])
    }
}
