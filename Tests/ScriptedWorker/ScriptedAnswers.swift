import FineTuning
import Foundation
import JSON
import RunDirectory

/// Answers to a daemon's questions: a training file that is a script is good, any other is not.
enum ScriptedAnswers {
    static func run() throws {
        while let line = readLine() {
            let request = try WorkerRequest(JSONCursor(JSONValue(parsing: Array(line.utf8))))
            FileHandle.standardOutput.write(Data((reply(to: request).json.text + "\n").utf8))
        }
    }

    private static func reply(to request: WorkerRequest) -> WorkerReply {
        switch request {
        case .check(let training, _, _, _, _): return .answer(report(training).json)
        case .estimate(let run):
            guard let script = try? Script(path: run.trainingFile.path) else {
                return .error(JobError(.invalidTrainingFile, "no script"))
            }
            let estimate = Estimate(
                totalSteps: script.steps, tokens: 1, seconds: 1, peakMemoryBytes: script.memory, diskBytes: 1)
            return .answer(["report": report(run.trainingFile).json, "estimate": estimate.json])
        case .card, .predict, .embed, .merge: return .error(JobError(.internalError, "not in the script"))
        }
    }

    private static func report(_ file: DataFile) -> DataReport {
        var report = DataReport()
        guard (try? Script(path: file.path)) != nil else {
            report.errors = 7
            report.findings = [Finding(.error, line: 3, field: "label", reason: "it is empty", fix: "give a label")]
            return report
        }
        report.rows = 10
        report.labels = [LabelCount(label: "a", count: 5), LabelCount(label: "b", count: 5)]
        report.warnings = 2
        report.findings = [Finding(.warning, line: 2, reason: "it stands twice", fix: "remove one")]
        return report
    }
}
