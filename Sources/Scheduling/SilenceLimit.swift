internal import FineTuning
internal import RunDirectory

/// How long a worker may write nothing to its journal before it counts as hung.
///
/// Beyond the patience it gets what the phase it is in should take, seen from what it told so far and generously:
/// killing a slow worker is worse than finding a dead one late.
struct SilenceLimit {
    private let patience: Duration
    private let examplesPerStep: Int
    private let dataBytes: Int
    private var start: RunStart?
    private var examplesPerSecond: Double?

    /// Bytes a second of reading and tokenizing.
    private static let readingRate = 262_144.0
    /// Bytes a second of writing, reading back and hashing a checkpoint.
    private static let checkpointRate = 20e6
    /// Bytes of a checkpoint for each parameter: the weight, written and read, and two moments of the optimizer.
    private static let checkpointBytesPerParameter = 16.0
    /// Seconds that a phase may take whatever was told.
    private static let longest = 86_400.0
    /// How many times the patience a first step may take, of which nothing is known.
    private static let firstStepFactor = 20

    /// A limit at the start of a worker.
    ///
    /// - Parameters:
    ///   - patience: how long a worker may be silent beyond what it should take.
    ///   - dataBytes: size of the data files.
    init(patience: Duration, recipe: Recipe, dataBytes: Int) {
        self.patience = patience
        self.dataBytes = dataBytes
        examplesPerStep = recipe.hyperparameters.batchSize
    }

    /// Learns from a journal line.
    mutating func see(_ entry: JournalEntry) {
        switch entry.content {
        case .started(let start): self.start = start
        case .metrics(let point) where point.samplesPerSecond > 0: examplesPerSecond = point.samplesPerSecond
        case .metrics, .evaluation, .checkpoint, .log, .finished, .stopped, .failed: break
        }
    }

    /// How long the present silence may last.
    var allowed: Duration {
        guard let start else {
            return patience + .seconds(min(Double(dataBytes) / Self.readingRate, Self.longest))
        }
        guard let examplesPerSecond else { return patience * Self.firstStepFactor }
        let examples = 3 * Double(examplesPerStep) + Double(start.validationRows)
        let checkpoint = Double(start.parameters) * Self.checkpointBytesPerParameter / Self.checkpointRate
        return patience + .seconds(min(examples / examplesPerSecond + checkpoint, Self.longest))
    }
}
