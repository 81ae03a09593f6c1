import FineTuning
import Foundation
import Testing

@Suite("The state machine of a job")
struct StateDiagramTests {
    /// The arrows of the README's diagram, written `from → to`, several targets separated by `|`.
    private func drawnTransitions() throws -> [JobState: Set<JobState>] {
        let readme = try String(contentsOf: SourceTree.root.appendingPathComponent("README.md"), encoding: .utf8)
        let parts = readme.components(separatedBy: "<!-- states -->")
        let diagram = try #require(parts.count == 3 ? parts[1] : nil, "the README marks its state table")
        var drawn: [JobState: Set<JobState>] = [:]
        for line in diagram.split(separator: "\n") {
            let sides = line.components(separatedBy: "→")
            guard sides.count == 2 else { continue }
            let name = { (text: String) in JobState(rawValue: text.trimmingCharacters(in: .whitespaces)) }
            let from = try #require(name(sides[0]), "an unknown state in: \(line)")
            for target in sides[1].components(separatedBy: "|") {
                drawn[from, default: []].insert(try #require(name(target), "an unknown state in: \(line)"))
            }
        }
        return drawn
    }

    @Test("is the same in the README as in the code")
    func readme() throws {
        let code = Dictionary(
            uniqueKeysWithValues: JobState.allCases.filter { !$0.isTerminal }.map { ($0, $0.successors) })
        #expect(try drawnTransitions() == code)
    }

    @Test("has the same states in the database's CHECK as in the code")
    func migration() throws {
        let folder = SourceTree.root.appendingPathComponent("migrations")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".sql") }
        let sql = try files.map { try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8) }.joined()
        let check = try #require(sql.range(of: #"state IN \(([^)]*)\)"#, options: .regularExpression))
        let states = sql[check].split(separator: "'").enumerated().filter { $0.offset % 2 == 1 }.map {
            String($0.element)
        }
        #expect(Set(states) == Set(JobState.allCases.map(\.rawValue)))
    }
}
