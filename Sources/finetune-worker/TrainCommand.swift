internal import FineTuning
internal import Foundation
internal import POSIX
internal import RunDirectory
internal import Training

/// `finetune-worker train RUNDIR`
struct TrainCommand {
    let path: String

    func run() async -> ExitStatus {
        let directory = RunDirectory(path: path)
        let stop = StopWatch(directory)
        do {
            let signals = try Signals.stream([.terminate, .interrupt])
            Task { for await _ in signals { stop.signal() } }
        } catch {
            StandardError.write("finetune-worker: signals cannot be caught: \(error)\n")
            return .unusable
        }
        let display = ProgressDisplay(isTerminal: StandardError.isTerminal)
        do throws(TrainingRun.Refusal) {
            return train(try TrainingRun(directory, stop: stop, watch: display.show), display)
        } catch {
            StandardError.write("finetune-worker: \(error)\n")
            return if case .locked = error { .locked } else { .unusable }
        }
    }

    private func train(_ run: TrainingRun, _ display: ProgressDisplay) -> ExitStatus {
        do throws(JobError) {
            _ = try run.train()
            return .success
        } catch {
            display.finish()
            StandardError.write("finetune-worker: \(error.code.rawValue): \(error.message)\n")
            return .failed
        }
    }
}
