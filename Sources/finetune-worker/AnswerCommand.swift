internal import Foundation
internal import JSON
internal import POSIX
internal import RunDirectory
internal import Training

/// `finetune-worker answer`
struct AnswerCommand {
    let threads: Int

    func run() -> ExitStatus {
        var isConfined = false
        let answerer = RequestAnswerer(threads: threads) { request in
            if isConfined { return }
            _ = try Sandbox.begin(
                reading: request.readablePaths, writing: request.writablePaths + [Sandbox.temporaryFolder()])
            isConfined = true
            // Not before: a thread that runs already would not be confined.
            endWithReader()
        }
        let input = FileDescriptor(owning: STDIN_FILENO)
        let output = FileDescriptor(owning: STDOUT_FILENO)
        var pending: [UInt8] = []
        do {
            while true {
                let part = try input.read(upTo: 1 << 16)
                var rest = part[...]
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    try reply(to: pending + rest[..<end], answerer, output)
                    pending.removeAll(keepingCapacity: true)
                    rest = rest[(end + 1)...]
                }
                pending += rest
                if part.isEmpty {
                    try reply(to: pending, answerer, output)
                    return .success
                }
            }
        } catch {
            // The daemon that asked is gone: nobody waits for an answer any more.
            StandardError.write("finetune-worker: \(error)\n")
            return .failed
        }
    }

    /// Ends the program when nobody is left to read its answers, be it in the middle of one: the daemon was killed.
    private func endWithReader() {
        PlatformThread.detach(name: "reader watch") {
            do throws(SystemCallError) {
                var poller = try Poller(capacity: 1)
                // A pipe whose reader is gone reports that without being asked to; a file or a terminal never does.
                try poller.add(STDOUT_FILENO, [], token: 0)
                while true {
                    try poller.wait(timeout: nil) { if $0.isGone { exit(ExitStatus.failed.rawValue) } }
                }
            } catch {
                // The output cannot be watched, as a file cannot: it has no reader that could go away.
            }
        }
    }

    private func reply(
        to line: [UInt8], _ answerer: RequestAnswerer, _ output: borrowing FileDescriptor
    ) throws(SystemCallError) {
        guard line.contains(where: { $0 > 0x20 }) else { return }
        try output.write(all: answerer.reply(to: line).json.bytes + [UInt8(ascii: "\n")])
    }
}
