internal import FineTuning
internal import Foundation
internal import POSIX
internal import RunDirectory
internal import Training

/// `finetune-worker train RUNDIR`
struct TrainCommand {
    let path: String

    /// Confines the process to the run; before any other thread starts.
    ///
    /// - Returns: how the program ends where that cannot be.
    func confine() -> ExitStatus? {
        let directory = RunDirectory(path: path)
        do {
            let recipe = try directory.recipe()
            let checkpoints = directory.checkpointsPath(recipe)
            try FileManager.default.createDirectory(atPath: checkpoints, withIntermediateDirectories: true)
            let protection = try Sandbox.begin(
                reading: recipe.readablePaths, writing: [directory.path, checkpoints], memoryBytes: recipe.memoryBytes)
            StandardError.write("confined: \(protection)\n")
            return nil
        } catch {
            StandardError.write("finetune-worker: \(error)\n")
            return .unusable
        }
    }

    func run() async -> ExitStatus {
        // Training goes on when its terminal is closed.
        signal(SIGHUP, SIG_IGN)
        let directory = RunDirectory(path: path)
        let stop = StopWatch(directory)
        do {
            let signals = try Signals.stream([.terminate, .interrupt])
            Task { for await _ in signals { stop.signal() } }
        } catch {
            StandardError.write("finetune-worker: signals cannot be caught: \(error)\n")
            return .unusable
        }
        // On a thread of its own: a machine with one core has one thread for tasks, and the signals need it.
        return await withCheckedContinuation { continuation in
            PlatformThread.detach(name: "train", stackSize: 8 << 20) {
                continuation.resume(returning: train(directory, stop))
            }
        }
    }

    private func train(_ directory: RunDirectory, _ stop: StopWatch) -> ExitStatus {
        let display = ProgressDisplay(isTerminal: StandardError.isTerminal)
        let run: TrainingRun
        do throws(TrainingRun.Refusal) {
            run = try TrainingRun(directory, stop: stop, watch: display.show)
        } catch {
            StandardError.write("finetune-worker: \(error)\n")
            return if case .locked = error { .locked } else { .unusable }
        }
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
