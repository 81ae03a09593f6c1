import JSON
import POSIX

/// What a scripted worker does, read from the job's training file.
struct Script {
    /// Something out of the ordinary, before a step of an attempt.
    struct Incident {
        enum Kind: String, CaseIterable {
            /// Die by SIGKILL.
            case kill
            /// End with status 4 and a word on standard error.
            case exit
            /// Wait for the file `go` in the run directory, or SIGTERM.
            case hold
            /// Do nothing any more, whatever comes.
            case hang
            /// Write a line to the journal that is none.
            case garbage
            /// Leave a line number out.
            case skip
            /// Write half a line, hold, and write the rest.
            case tear
            /// Report that the loss is not finite.
            case fail
            /// Report that the disk is full.
            case fill
            /// Name a checkpoint as the model that is not there.
            case invent
        }

        let attempt: Int
        let step: Int
        let kind: Kind
    }

    let steps: Int
    let checkpointEvery: Int
    let stepMilliseconds: Int
    let memory: Int
    private let incidents: [Incident]

    init(path: String) throws {
        let text = try FileDescriptor.open(path).readToEnd()
        var fields = try JSONCursor(JSONValue(parsing: text)).fields()
        steps = try fields.required("steps").integer(in: 1...100_000)
        checkpointEvery = try fields.optional("checkpoint_every")?.integer(in: 1...100_000) ?? 5
        stepMilliseconds = try fields.optional("step_milliseconds")?.integer(in: 0...1000) ?? 0
        memory = try fields.optional("memory")?.integer() ?? 1000
        var incidents: [Incident] = []
        for element in try fields.optional("incidents")?.elements() ?? [] {
            var fields = try element.fields()
            incidents.append(
                Incident(
                    attempt: try fields.required("attempt").integer(), step: try fields.required("step").integer(),
                    kind: try fields.required("kind").choice()))
        }
        self.incidents = incidents
        try fields.finish()
    }

    /// What happens before a step; attempt 0 stands for every attempt.
    func incidents(attempt: Int, step: Int) -> [Incident.Kind] {
        incidents.filter { [0, attempt].contains($0.attempt) && $0.step == step }.map(\.kind)
    }
}
