import FineTuning
import Foundation
import POSIX
import RunDirectory
import Testing
import Training

@Suite struct `A full disk` {
    private func change(_ recipe: inout Recipe) { recipe.strategy.checkpointEvery = .steps(5) }

    /// The job failed with `disk_full`, its first checkpoint is whole, and with room again it ends as if nothing had been.
    private func expectFailedAndRecovers(_ run: WorkerRun, makeRoom: () throws -> Void) async throws {
        guard case .failed(let error) = try run.entries().last else {
            Issue.record("the journal ends with \(String(describing: try run.entries().last))")
            return
        }
        #expect(error.code == .diskFull)
        #expect(error.message.hasPrefix("the disk is full: "))
        #expect(error.message.hasSuffix("; free some space, then resume the job"))
        #expect(try run.names() == ["step-000005"], "nothing half written is left")
        try makeRoom()
        #expect(try await run.train(2) == .exited(0))
        guard case .started(let start) = try run.entries(2).first else {
            throw Wait.InVain(description: "no start")
        }
        #expect(start.resumedFromStep == 5)
        let undisturbed = try WorkerRun(change)
        #expect(try await undisturbed.train() == .exited(0))
        #expect(try run.curve(through: 2) == undisturbed.curve())
        #expect(try run.essence(step: 15) == undisturbed.essence(step: 15))
    }

    @Test func `ends a job whose checkpoint finds no room in mid-write`() async throws {
        let run = try WorkerRun(holds: true, change)
        let worker = try run.start()
        try await run.untilHeld(step: 5)
        // No file may grow beyond this from here on: enough for the journal, not for the next checkpoint's weights.
        let limit = try ChildProcess(
            "/usr/bin/prlimit", arguments: ["--pid", "\(worker.identifier)", "--fsize=32768"], environment: [:])
        #expect(await limit.waitForExit() == .exited(0))
        try await run.release(step: 5)
        #expect(await worker.waitForExit() == .exited(1))
        try await expectFailedAndRecovers(run) {}
    }

    @Test(.enabled(if: SmallDisk.isPermitted, "this process may not mount a file system"))
    func `ends a job whose file system is full, before a checkpoint and inside one`() async throws {
        for isInside in [true, false] {
            let disk = try SmallDisk(mebibytes: 8)
            let run = try WorkerRun(holds: true, checkpoints: "\(disk.path)/checkpoints", change)
            let worker = try run.start()
            if isInside {
                try await run.release(step: 5)
                try await run.untilHeld(step: 10)
                try disk.fill()
                try await run.release(step: 10)
            } else {
                try await run.untilHeld(step: 5)
                try disk.fill(leaving: 1 << 20)
                try await run.release(step: 5)
            }
            #expect(await worker.waitForExit() == .exited(1))
            try await expectFailedAndRecovers(run) { try disk.empty() }
        }
    }
}
