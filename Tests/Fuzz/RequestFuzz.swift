import Arguments
import HTTP
import ParserVerdicts
import SeededNumbers

/// Requests: the same verdict and the same requests whole, byte by byte and cut at random; limits hold; nothing is read
/// beyond a piece.
struct RequestFuzz: FuzzTarget {
    static let command = Command(
        "requests", "mutated requests, fed whole, byte by byte and cut at random",
        options: FuzzRun.options)

    private let memory = GuardedMemory()

    func input(_ random: inout SplitMix) -> [UInt8] { Mutator.requests.input(&random) }

    func feed(_ input: [UInt8], _ random: inout SplitMix) throws(FuzzFault) -> String {
        var head = RequestParser.Limits()
        var body = BodyParser.Limits()
        if Bool.random(using: &random) {
            // Small ones are met more often.
            head.lineBytes = Int.random(in: 16...120, using: &random)
            head.headerBytes = Int.random(in: 40...400, using: &random)
            head.headerCount = Int.random(in: 1...6, using: &random)
            body.extensionBytes = Int.random(in: 1...20, using: &random)
            body.trailerBytes = Int.random(in: 1...40, using: &random)
        }
        let whole = RequestVerdict(input, head: head, body: body, in: memory)
        if let rule = whole.brokenRule(head: head) { throw FuzzFault(what: rule) }
        for cuts in [cuts(of: input.count, &random), Array(0..<input.count)] {
            guard RequestVerdict(input, cuts: cuts, head: head, body: body, in: memory) == whole else {
                throw FuzzFault(what: "another verdict than \(whole)", cuts: cuts)
            }
        }
        if let refusal = whole.refusal { return "refused \(refusal)" }
        return whole.isWhole ? "accepted" : "accepted so far, unfinished"
    }
}
