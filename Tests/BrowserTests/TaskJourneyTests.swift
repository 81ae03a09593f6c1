import Foundation
import JSON
import Testing

/// Each task from its sample file to an answer, on a real server with a tiny random model.
@Suite(
    "Each task in the browser", .serialized,
    .enabled(if: Browser.driverPath != nil, "chromedriver is not installed (Debian: chromium-driver)"))
struct TaskJourneyTests {
    private static let tasks: [(type: String, metric: String, answer: String)] = [
        ("text-regression", "Squared error", ".answer"),
        ("token-classification", "Entity F1", ".marked-text"),
        ("masked-language-modeling", "Perplexity", ".marked-text mark"),
        ("text-embedding", "Nearest is right", ".scores li"),
    ]

    @Test(arguments: Self.tasks)
    func `The form starts a job on the sample, its page shows the metrics, and the model answers`(
        type: String, metric: String, answer: String
    ) async throws {
        try await Dashboard.lent { dashboard in
            let browser = dashboard.browser
            try await dashboard.open("#/new")
            try await browser.click("#task-\(type)")
            try await browser.click("#use-sample")
            try await browser.wait(until: "document.querySelector('#verdict')")
            #expect(try await browser.text("#verdict").contains("no error"))
            try await browser.wait(until: "!document.querySelector('#create-job').disabled")
            try await browser.click("#create-job")
            try await browser.wait(until: "document.documentElement.dataset.page === 'job'")
            try await browser.wait(until: "document.querySelector('.page[data-state=succeeded]')")
            try await browser.wait(until: "document.querySelectorAll('#metrics .label').length > 0")
            #expect(try await dashboard.texts("#metrics .label").contains(metric))
            #expect(try await dashboard.texts("#network tr[data-block]").count >= 3)
            try await browser.click("[data-action=try]")
            try await browser.wait(until: "document.querySelector('#try-text')")
            if try await browser.run("return document.querySelector('#try-example') !== null") == true {
                try await browser.click("#try-example")
            } else {
                try await browser.type("The whole site is down.", into: "#try-text")
                try await browser.click("#try-button")
            }
            try await browser.wait(until: "document.querySelector('#try-result \(answer)')")
            #expect(try await browser.complaints() == [])
        }
    }
}
