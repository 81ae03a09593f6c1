import Foundation
import JSON
import Testing

/// Sweeps: the trials' page, their group in the list, and the form's part.
@Suite(
    "Sweeps", .serialized,
    .enabled(if: Browser.driverPath != nil, "chromedriver is not installed (Debian: chromium-driver)"))
struct SweepTests {
    @Test func `A sweep shows its trials, the best first, as lines and as a table`() async throws {
        try await Dashboard.recorded { dashboard in
            try await dashboard.open("#/jobs/ftjob-sweep")
            #expect(try await dashboard.texts("#trials tbody tr").count == 12)
            let best = try RecordedAnswers.all()["GET /v1/fine_tuning/jobs/ftjob-sweep"]?["best_trial"]?.string ?? ""
            #expect(try await dashboard.texts("#trials tbody tr:first-child .tag") == ["best"])
            let first = try await dashboard.browser.run(
                "return document.querySelector('#trials tbody tr').dataset.trial")
            #expect(first == .string(best))
            let lines = try await dashboard.browser.run("return document.querySelectorAll('.trial-line').length")
            #expect(lines == 9)
            let bestLine = try await dashboard.browser.run(
                "return document.querySelector('.trial-line[data-best=true]').dataset.trial")
            #expect(bestLine == .string(best))
            #expect(try await dashboard.browser.text("#sweep-sentence").contains("of 12 trials ended"))
            #expect(try await dashboard.browser.run("return document.querySelector('#loss-chart')") == .null)
            try await dashboard.browser.click("#trials tbody tr:first-child a")
            try await dashboard.browser.wait(until: "location.hash === '#/jobs/\(best)'")
            try await dashboard.browser.wait(
                until: "document.querySelector('.crumbs a')?.hash === '#/jobs/ftjob-sweep'")
            #expect(try await dashboard.browser.complaints() == [])
        }
    }

    @Test func `The list shows a sweep as one job, and its trials when it is opened`() async throws {
        try await Dashboard.recorded { dashboard in
            try await dashboard.open("#/jobs")
            let children = "document.querySelectorAll('#jobs tr[data-child=true]').length"
            let trials = "document.querySelectorAll('#jobs tr[data-job^=ftjob-sw]').length"
            #expect(try await dashboard.browser.run("return \(trials)") == 1)
            try await dashboard.browser.click("tr[data-job=ftjob-sweep] .trial-toggle")
            #expect(try await dashboard.browser.run("return \(children)") == 12)
            #expect(
                try await dashboard.browser.run(
                    "return document.querySelector('tr[data-job=ftjob-sweep]').nextElementSibling.dataset.child")
                    == "true")
            try await dashboard.browser.click("tr[data-job=ftjob-sweep] .trial-toggle")
            #expect(try await dashboard.browser.run("return \(children)") == 0)
            // A search finds a trial by itself.
            try await dashboard.browser.type("sw03", into: "#job-search")
            #expect(try await dashboard.browser.run("return \(trials)") == 1)
        }
    }

    @Test func `Settings to vary become the sweep of the request, and the runs are counted`() async throws {
        try await Dashboard.recorded { dashboard in
            try await dashboard.open("#/new")
            try await dashboard.browser.run(
                "document.querySelector('#sweep-fields').open = true")
            try await dashboard.browser.wait(until: "document.querySelector('#add-parameter')")
            for _ in 0..<2 { try await dashboard.browser.click("#add-parameter") }
            try await dashboard.browser.run(
                """
                const rows = document.querySelectorAll('.sweep-rows li > input');
                rows[0].value = '1e-5, 3e-5';
                rows[1].value = '2, 3, 4';
                for (const row of rows) row.dispatchEvent(new Event('input', { bubbles: true }));
                """)
            #expect(try await dashboard.browser.text("#sweep-words") == "6 runs: 2 × 3.")
            let text = try await dashboard.browser.run("return document.querySelector('.request pre').textContent")
            let request = try JSONValue(parsing: [UInt8]((text.string ?? "").utf8))
            #expect(
                request["sweep"] == [
                    "method": "grid",
                    "parameters": [
                        "strategy.learning_rate": [1e-5, 3e-5],
                        "method.supervised.hyperparameters.n_epochs": [2, 3, 4],
                    ],
                ])
            #expect(try await dashboard.browser.complaints() == [])
        }
    }

    @Test func `A range is drawn by its logarithm where it spans a tenfold`() async throws {
        try await Dashboard.lent { dashboard in
            try await dashboard.open("#/new")
            let value = try await dashboard.browser.runAsync(
                """
                const { valuesOf } = await import('/scripts/sweep-field.js');
                return JSON.stringify([valuesOf('1e-5 to 1e-3'), valuesOf('0..0.5'), valuesOf('adamw, lion'), valuesOf('true, 3'), valuesOf(''), valuesOf('3 to 1')]);
                """)
            let expected = """
                [{"min":0.00001,"max":0.001,"scale":"log"},{"min":0,"max":0.5,"scale":"linear"},["adamw","lion"],[true,3],null,null]
                """
            #expect(value.string == expected)
        }
    }

    @Test func `A real sweep is followed to its end, trial by trial`() async throws {
        try await Dashboard.lent { dashboard in
            let samples = try String(
                contentsOfFile: "\(DashboardServer.root)/public/samples/support-messages.jsonl", encoding: .utf8)
            let file = try await dashboard.server.upload(samples, name: "messages.jsonl")
            let sweep = try await dashboard.server.createJob([
                "model": "tiny-bert", "training_file": .string(file), "suffix": "search",
                "method": ["type": "supervised", "supervised": ["hyperparameters": ["n_epochs": 1]]],
                "sweep": ["parameters": ["strategy.learning_rate": [1e-4, 1e-3, 1e-2]], "metric": "accuracy"],
            ])
            try await dashboard.open("#/jobs/\(sweep)")
            try await dashboard.browser.wait(until: "document.querySelectorAll('#trials tbody tr').length === 3")
            try await dashboard.browser.wait(until: "document.querySelector('.page[data-state=succeeded]')")
            try await dashboard.browser.wait(until: "document.querySelectorAll('.trial-line').length === 3")
            let best = try await dashboard.server.job(sweep)["best_trial"]
            let first = try await dashboard.browser.run(
                "return document.querySelector('#trials tr[data-trial]:has([data-kind=best])').dataset.trial")
            #expect(first == best)
            #expect(try await dashboard.browser.text("#sweep-sentence").hasPrefix("3 of 3 trials ended."))
            #expect(try await dashboard.browser.complaints() == [])
        }
    }

    @Test func `The page of a sweep fits a telephone`() async throws {
        try await Dashboard.recorded { dashboard in
            try await dashboard.expectNarrow("#/jobs/ftjob-sweep")
        }
    }
}
