import Arguments
import ParserVerdicts
import SeededNumbers

/// Bodies of multipart/form-data: the same parts whole, byte by byte and cut at random.
struct MultipartFuzz: FuzzTarget {
    static let command = Command(
        "multipart", "mutated multipart bodies, fed whole, byte by byte and cut at random",
        options: FuzzRun.options)

    func input(_ random: inout SplitMix) -> [UInt8] { Mutator.multipartBodies.input(&random) }

    func feed(_ input: [UInt8], _ random: inout SplitMix) throws(FuzzFault) -> String {
        let whole = MultipartVerdict(input)
        for cuts in [[], cuts(of: input.count, &random), Array(0..<input.count)] {
            let verdict = MultipartVerdict(input, cuts: cuts)
            if let rule = verdict.brokenRule { throw FuzzFault(what: rule, cuts: cuts) }
            if verdict != whole { throw FuzzFault(what: "another verdict than \(whole)", cuts: cuts) }
        }
        if let refusal = whole.refusal { return "refused \(refusal)" }
        return whole.isComplete ? "accepted" : "accepted so far, unfinished"
    }
}
