import JSON
import Testing
import Training

@Suite struct `Metrics of entities` {
    @Test func `find the spans that seqeval finds, whatever tag follows what`() throws {
        for json in try MetricsFixture.cases("entities") {
            let sequences = try MetricsFixture.strings(json["truth"])
            let expected = try #require(json["spans"]?.array)
            for (tags, spans) in zip(sequences, expected) {
                let spans = try #require(spans.array).map { span in
                    let parts = try #require(span.array)
                    return EntitySpan(
                        type: try #require(parts[0].string),
                        words: try #require(parts[1].integer)..<(try #require(parts[2].integer)))
                }
                #expect(EntitySpan.spans(of: tags) == spans, "\(tags)")
            }
        }
    }

    @Test func `are those of seqeval, overall and by type`() throws {
        for json in try MetricsFixture.cases("entities") {
            var scores = EntityScores()
            for (truth, answer) in zip(
                try MetricsFixture.strings(json["truth"]), try MetricsFixture.strings(json["answers"]))
            {
                scores.add(answer: answer, truth: truth)
            }
            #expect(MetricsFixture.agrees(scores.total.precision, json["precision"]))
            #expect(MetricsFixture.agrees(scores.total.recall, json["recall"]))
            #expect(MetricsFixture.agrees(scores.total.f1, json["f1"]))
            #expect(MetricsFixture.agrees(scores.macroF1, json["macro_f1"]))
            #expect(MetricsFixture.agrees(scores.wordAccuracy, json["accuracy"]))
            for member in try #require(json["types"]?.object).members {
                let found = try #require(scores.types[member.name])
                #expect(MetricsFixture.agrees(found.precision, member.value["precision"]))
                #expect(MetricsFixture.agrees(found.recall, member.value["recall"]))
                #expect(MetricsFixture.agrees(found.f1, member.value["f1-score"]))
                #expect(found.support == member.value["support"]?.integer)
            }
        }
    }

    @Test(arguments: [
        (["B-A", "I-A", "O"], [0..<2]), (["I-A", "I-A", "B-A"], [0..<2, 2..<3]), (["S-A", "S-A"], [0..<1, 1..<2]),
        (["B-A", "E-A", "E-A"], [0..<2, 2..<3]), (["B-A", "I-B"], [0..<1, 1..<2]), ([], []), (["O", ""], []),
    ])
    func `cut entities where conlleval cuts them`(tags: [String], words: [Range<Int>]) {
        #expect(EntitySpan.spans(of: tags).map(\.words) == words)
    }
}
