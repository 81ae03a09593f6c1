import Tensors

/// Parameters, a tape and inputs in the shapes of a small encoder.
struct Workbench {
    let tokens = 4096
    let width = 384
    let middle = 1536
    let heads = 12
    let length = 128
    let vocabulary = 30_522
    let store: ParameterStore
    let tape: Tape
    let batch: PackedBatch

    init(pool: ThreadPool) {
        store = ParameterStore(
            Self.shapes.map { name, extents in
                ParameterSpecification(name: name, shape: Shape(extents), block: "", decays: extents.count > 1)
            })
        RandomNumbers.fill(store.values.elements, normalWithDeviation: 0.02, seed: 1, stream: 0)
        tape = Tape(store: store, pool: pool)
        let ids = (0..<4096).map { (index: Int) -> Int32 in Int32((index * 104_729 + 5) % 30_522) }
        batch = PackedBatch(sequences: stride(from: 0, to: 4096, by: 128).map { Array(ids[$0..<($0 + 128)]) })
    }

    private static let shapes: [(String, [Int])] = [
        ("query.weight", [384, 384]), ("key.weight", [384, 384]), ("value.weight", [384, 384]), ("query.bias", [384]),
        ("key.bias", [384]), ("value.bias", [384]), ("query.down", [8, 384]), ("query.up", [384, 8]),
        ("query.magnitude", [384]), ("value.down", [8, 384]), ("value.up", [384, 8]), ("first.weight", [1536, 384]),
        ("first.bias", [1536]), ("second.weight", [384, 1536]), ("second.bias", [384]), ("gamma", [384]),
        ("beta", [384]), ("tokens", [30_522, 384]), ("positions", [512, 384]), ("types", [2, 384]),
        ("decoder.bias", [30_522]),
    ]

    func parameter(_ name: String) -> Parameter {
        guard let parameter = store[name] else { preconditionFailure("no parameter \(name)") }
        return parameter
    }

    /// Numbers N(0, 1).
    func tensor(_ rows: Int, _ columns: Int) -> Tensor {
        let tensor = tape.arena.tensor([rows, columns])
        RandomNumbers.fill(
            UnsafeMutableBufferPointer(start: tensor.base, count: tensor.count), normalWithDeviation: 1, seed: 2,
            stream: UInt64(tensor.count))
        return tensor
    }

    func layer(_ name: String) -> LinearParameters {
        LinearParameters(weight: parameter(name + ".weight"), bias: parameter(name + ".bias"))
    }

    var projections: LinearParameters { projections(adapters: []) }

    func projections(adapters: [LowRankAdapter?]) -> LinearParameters {
        LinearParameters(
            weights: ["query", "key", "value"].map { parameter($0 + ".weight") },
            biases: ["query", "key", "value"].map { parameter($0 + ".bias") }, adapters: adapters)
    }

    func adapter(_ name: String, dora: Bool = false, dropout: Float = 0) -> LowRankAdapter {
        LowRankAdapter(
            down: parameter(name + ".down"), up: parameter(name + ".up"),
            magnitude: dora ? parameter(name + ".magnitude") : nil, scale: 2, dropoutProbability: dropout)
    }

    var norm: NormParameters { NormParameters(gamma: parameter("gamma"), beta: parameter("beta"), epsilon: 1e-12) }

    var embeddings: EmbeddingParameters {
        EmbeddingParameters(
            tokens: parameter("tokens"), positions: parameter("positions"), types: parameter("types"), norm: norm)
    }
}
