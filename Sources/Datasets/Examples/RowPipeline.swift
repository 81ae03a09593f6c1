internal import Dispatch
internal import Foundation

/// Brings a file's rows to a collector: they are cut out of the file one after another, parsed and tokenized on several
/// threads, and taken in the order of the file. No more of the file is in memory than a chunk a thread.
///
/// `@unchecked Sendable`: `file`, `isAtEnd` and `nextChunk` are used under `reading` only, the other variables and the
/// collector under `taking` only.
final class RowPipeline: @unchecked Sendable {
    private let file: DataFile
    private let encoder: RowEncoder
    private let collector: ExampleCollector

    private let reading = NSLock()
    private var isAtEnd = false
    private var nextChunk = 0

    private let taking = NSCondition()
    private var turn = 0
    private var failure: DatasetError?

    /// Rows that a thread takes at once, or bytes of them where that is less.
    private static let chunk = (rows: 256, bytes: 4 << 20)

    private enum Outcome {
        case row(RowEncoder.EncodedRow)
        case fault(RowFault)
    }

    init(_ file: DataFile, encoder: RowEncoder, collector: ExampleCollector) {
        self.file = file
        self.encoder = encoder
        self.collector = collector
    }

    /// Reads the file to its end, or to where it stops to make sense. The result does not depend on the number of threads.
    func run(threads: Int) throws(DatasetError) {
        // Each turn is taken by the thread that holds the chunk, which waits for none behind it.
        DispatchQueue.concurrentPerform(iterations: max(1, threads)) { _ in
            while let (number, steps) = readChunk() {
                let outcomes = steps.map(outcome)
                take(number, outcomes)
            }
        }
        if let failure { throw failure }
    }

    private func readChunk() -> (number: Int, steps: [RecordStep])? {
        reading.withLock {
            guard !isAtEnd else { return nil }
            var steps: [RecordStep] = []
            steps.reserveCapacity(Self.chunk.rows)
            var bytes = 0
            do throws(ReadingError) {
                while steps.count < Self.chunk.rows, bytes < Self.chunk.bytes, !isAtEnd {
                    if let step = try file.records.next() {
                        steps.append(step)
                        bytes += step.size
                    } else {
                        isAtEnd = true
                    }
                }
            } catch {
                isAtEnd = true
                switch error {
                case .damaged(let reason, let fix): steps.append(.fault(RowFault(line: nil, reason: reason, fix: fix)))
                case .system(let error): taking.withLock { failure = failure ?? error }
                }
            }
            defer { nextChunk += 1 }
            return (nextChunk, steps)
        }
    }

    private func outcome(_ step: RecordStep) -> Outcome {
        switch step {
        case .fault(let fault): return .fault(fault)
        case .record(let record):
            do throws(RowFault) {
                return .row(try encoder.encode(try file.parser.row(record)))
            } catch {
                return .fault(error)
            }
        }
    }

    private func take(_ number: Int, _ outcomes: [Outcome]) {
        taking.lock()
        defer { taking.unlock() }
        while turn != number { taking.wait() }
        defer {
            turn += 1
            taking.broadcast()
        }
        guard failure == nil else { return }
        do throws(DatasetError) {
            for outcome in outcomes {
                switch outcome {
                case .row(let row): try collector.take(row)
                case .fault(let fault): collector.take(fault)
                }
            }
        } catch {
            failure = error
            reading.withLock { isAtEnd = true }
        }
    }
}
