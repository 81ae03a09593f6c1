public import FineTuning
public import JSON

/// A checkpoint that was written, read back, compared and given its name.
public struct PublishedCheckpoint: Sendable, Hashable, JSONRepresentable {
    /// The optimizer step.
    public var step: Int
    /// The directory's name within the checkpoints directory: `step-000100`.
    public var name: String
    /// The model's files, the resume state not among them.
    public var files: [CheckpointFile]
    /// Whether it is the best so far.
    public var isBest: Bool
    /// Names of older checkpoints that were removed since, to keep within the number to be kept.
    public var removed: [String]

    /// A checkpoint.
    public init(step: Int, name: String, files: [CheckpointFile], isBest: Bool, removed: [String]) {
        self.step = step
        self.name = name
        self.files = files
        self.isBest = isBest
        self.removed = removed
    }

    /// The directory's name for a step.
    public static func name(step: Int) -> String {
        let digits = String(step)
        return "step-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// Reads what ``json`` wrote; a name that is not one of a checkpoint is refused.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        step = try fields.required("step").integer(in: 0...Int.max)
        name = try Self.checkpointName(fields.required("name"))
        files = []
        for file in try fields.required("files").elements() { files.append(try CheckpointFile(file)) }
        isBest = try fields.required("best").bool()
        removed = []
        for name in try fields.required("removed").elements() { removed.append(try Self.checkpointName(name)) }
        try fields.finish()
    }

    static func checkpointName(_ cursor: JSONCursor) throws(JSONFault) -> String {
        let name = try cursor.string()
        guard name.hasPrefix("step-"), let step = Int(name.dropFirst(5)), Self.name(step: step) == name else {
            throw cursor.fault("not the name of a checkpoint")
        }
        return name
    }

    /// The checkpoint as JSON.
    public var json: JSONValue {
        [
            "step": JSONValue(step), "name": .string(name), "files": .array(files.map(\.json)),
            "best": .bool(isBest), "removed": .array(removed.map { .string($0) }),
        ]
    }
}
