import Foundation
import JSON
import Testing

/// The page that ranks the training lines which look mislabelled.
@Suite(
    "The loss ledger's page", .serialized,
    .enabled(if: Browser.driverPath != nil, "chromedriver is not installed (Debian: chromium-driver)"))
struct LedgerPageTests {
    @Test func `The job leads to its suspicious lines, with file and line, page by page`() async throws {
        try await Dashboard.recorded { dashboard in
            try await dashboard.open("#/jobs/ftjob-full")
            try await dashboard.browser.click("#ledger-link")
            try await dashboard.browser.wait(until: "document.querySelectorAll('#ledger tbody tr').length === 50")
            #expect(try await dashboard.browser.text(".page-ledger .lead").contains("support-messages.jsonl"))
            #expect(try await dashboard.browser.text("#ledger-place").hasPrefix("1 to 50 of 436 lines"))
            #expect(try await dashboard.texts("#ledger .loss-line").count == 50)
            let first = try await dashboard.texts("#ledger tbody th").first
            try await dashboard.browser.click("#ledger-next")
            try await dashboard.browser.wait(
                until: "document.querySelector('#ledger-place').textContent.startsWith('51 to 100')")
            #expect(try await dashboard.texts("#ledger tbody th").first != first)
            try await dashboard.browser.click("#ledger-back")
            try await dashboard.browser.wait(
                until: "document.querySelector('#ledger-place').textContent.startsWith('1 to 50')")
            #expect(try await dashboard.texts("#ledger tbody th").first == first)
            #expect(try await dashboard.browser.complaints() == [])
        }
    }

    @Test func `The ledger fits a telephone, and its texts are never markup`() async throws {
        let hostile = "<img src=x onerror=document.title=1>"
        let entry: JSONValue = [
            "rank": 1, "line": 3, "label": .string(hostile), "answer": ["a", "b"], "score": 2, "mean_loss": 3,
            "losses": [3, nil, 2], "probabilities": nil, "text": .string(hostile),
        ]
        try await Dashboard.lent { dashboard in
            var answers = JSONObject()
            for member in try RecordedAnswers.all().object?.members ?? [] where !member.name.contains("ledger") {
                answers[member.name] = member.value
            }
            answers["GET /v1/fine_tuning/jobs/ftjob-full/ledger"] = ["data": [entry], "has_more": false, "total": 1]
            try await dashboard.browser.answer(with: .object(answers))
            try await dashboard.expectNarrow("#/ledger/ftjob-full")
            #expect(try await dashboard.texts("#ledger .ledger-text") == [hostile])
            #expect(try await dashboard.browser.run("return document.querySelectorAll('#ledger img').length") == 0)
            #expect(try await dashboard.browser.run("return document.querySelector('#ledger-next').disabled") == true)
        }
    }

    @Test func `A real run leaves a ledger of every training line`() async throws {
        try await Dashboard.lent { dashboard in
            let samples = try String(
                contentsOfFile: "\(DashboardServer.root)/public/samples/support-messages.jsonl", encoding: .utf8)
            let file = try await dashboard.server.upload(samples, name: "messages.jsonl")
            let job = try await dashboard.server.createJob([
                "model": "tiny-bert", "training_file": .string(file), "data": ["validation_split": 0.1],
                "method": ["type": "supervised", "supervised": ["hyperparameters": ["n_epochs": 2]]],
            ])
            #expect(try await dashboard.server.end(of: job)["ledger"] == true)
            try await dashboard.open("#/jobs/\(job)")
            try await dashboard.browser.click("#ledger-link")
            try await dashboard.browser.wait(until: "document.querySelectorAll('#ledger tbody tr').length === 50")
            #expect(try await dashboard.browser.text("#ledger-place").hasPrefix("1 to 50 of 436 lines"))
            let texts = try await dashboard.texts("#ledger .ledger-text")
            #expect(texts.allSatisfy { !$0.isEmpty })
            #expect(try await dashboard.texts("#ledger .ledger-answer").allSatisfy { $0 != "–" })
            #expect(try await dashboard.browser.complaints() == [])
        }
    }
}
