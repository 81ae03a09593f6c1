import Foundation
import JSON
import Testing

/// The model map of a job's page: what is frozen, what trains, how far it moved.
@Suite(
    "The model map", .serialized,
    .enabled(if: Browser.driverPath != nil, "chromedriver is not installed (Debian: chromium-driver)"))
struct ModelMapTests {
    private static let rows = "[...document.querySelectorAll('#network tr[data-block]')]"

    @Test func `The map draws a real job's network from the head down to the embeddings`() async throws {
        try await Dashboard.lent { dashboard in
            let file = try await dashboard.server.upload(
                (0..<20).map { #"{"text": "text \#($0)", "label": "\#($0 % 2 == 0 ? "even" : "odd")"}"# }
                    .joined(separator: "\n"), name: "numbers.jsonl")
            let job = try await dashboard.server.createJob([
                "model": "tiny-bert", "training_file": .string(file), "layers": ["train": ["top": 1]],
            ])
            try await dashboard.open("#/jobs/\(job)")
            try await dashboard.browser.wait(until: "\(Self.rows).length >= 4")
            let kinds = try await dashboard.browser.run("return \(Self.rows).map((row) => row.dataset.kind)").array
            #expect(kinds?.first == "head" && kinds?.last == "embeddings")
            let cold = try await dashboard.browser.run(
                "return \(Self.rows).filter((row) => row.dataset.learns === 'false').map((row) => row.dataset.kind)")
            #expect(cold.array?.last == "embeddings")
            #expect(cold.array?.contains("head") == false)
            #expect(try await dashboard.browser.complaints() == [])
        }
    }

    @Test func `LoRA leaves the trunk cold and hangs a branch on each layer`() async throws {
        try await Dashboard.recorded { dashboard in
            try await dashboard.open("#/jobs/ftjob-lora")
            #expect(try await dashboard.browser.run("return document.querySelectorAll('.slab > .branch').length") == 6)
            #expect(try await dashboard.texts("#map-sentence") == ["76.4 k of 22.8 M parameters train (0.34 %)."])
            let layer = "#network tr[data-block='encoder.layer.5']"
            #expect(try await dashboard.texts("\(layer) .block-state") == ["12.3 k beside it"])
            let drift = try RecordedAnswers.all()["GET /v1/fine_tuning/jobs/ftjob-lora/metrics"]?["evaluations"]?.array?
                .last?["drift"]
            let ratio = drift?.array?.first { $0["block"] == "encoder.layer.5" }?["ratio"] ?? .null
            #expect(try await dashboard.texts("\(layer) .block-moved") == [dashboard.formatted("percent", ratio)])
            #expect(try await dashboard.texts("#network tr[data-kind=embeddings] .block-state") == ["frozen"])
            let (slab, head) = try await (
                colour(dashboard, "\(layer) .slab"), colour(dashboard, "#network tr[data-kind=head] .slab")
            )
            let cold = try await colour(dashboard, "#network tr[data-kind=embeddings] .slab")
            #expect(slab == cold && head != cold)
        }
    }

    @Test func `The map of a real run has branches, a stair of thawing blocks, and measured distances`() async throws {
        try await Dashboard.lent { dashboard in
            let samples = try String(
                contentsOfFile: "\(DashboardServer.root)/public/samples/support-messages.jsonl", encoding: .utf8)
            let file = try await dashboard.server.upload(samples, name: "messages.jsonl")
            let layers: [JSONValue] = [["lora": ["rank": 4]], ["gradual_unfreezing": ["every_epochs": 1]]]
            var jobs: [String] = []
            for layers in layers {
                jobs.append(
                    try await dashboard.server.createJob([
                        "model": "tiny-bert", "training_file": .string(file), "layers": layers,
                        "strategy": ["learning_rate": 1e-3],
                        "method": ["type": "supervised", "supervised": ["hyperparameters": ["n_epochs": 4]]],
                    ]))
            }
            for job in jobs {
                let ended = try await dashboard.server.end(of: job)
                #expect(ended["status"] == "succeeded", "\(ended["error"]?.text ?? "")")
            }
            try await dashboard.open("#/jobs/\(jobs[0])")
            let branches = try await dashboard.browser.run(
                "return document.querySelectorAll('.slab > .branch').length")
            #expect(branches == 2)
            let moved = try await dashboard.texts("#network tr[data-kind=layer] .block-moved")
            #expect(moved.count == 2 && moved.allSatisfy { $0.hasSuffix("%") })
            #expect(try await dashboard.texts("#network tr[data-kind=embeddings] .block-moved") == ["0"])

            try await dashboard.open("#/jobs/\(jobs[1])")
            let cold = try await dashboard.browser.run(
                """
                return \(Self.rows).filter((row) => row.dataset.kind !== 'head')
                    .map((row) => row.querySelectorAll('.strip i[data-cold=true]').length);
                """)
            #expect(cold == [1, 1, 2, 3])
            #expect(try await dashboard.browser.complaints() == [])
        }
    }

    private func colour(_ dashboard: Dashboard, _ selector: String) async throws -> JSONValue {
        try await dashboard.browser.run(
            "return getComputedStyle(document.querySelector(arguments[0])).backgroundColor", [.string(selector)])
    }

    @Test func `Gradual unfreezing thaws from the head downwards, and the epochs show it as a stair`() async throws {
        try await Dashboard.recorded { dashboard in
            try await dashboard.open("#/jobs/ftjob-gradual")
            let warm = try await dashboard.browser.run("return \(Self.rows).map((row) => row.dataset.warm)")
            #expect(warm == ["true", "true", "true", "true", "true", "true", "false", "false", "false"])
            #expect(
                try await dashboard.texts("#network tr[data-kind=embeddings] .block-state") == ["thaws after epoch 7"])
            let coldCells = try await dashboard.browser.run(
                "return \(Self.rows).map((row) => row.querySelectorAll('.strip i[data-cold=true]').length)")
            #expect(coldCells == [0, 1, 1, 2, 3, 4, 4, 4, 4])
        }
    }

    @Test func `The map fits a telephone`() async throws {
        try await Dashboard.recorded { dashboard in
            try await dashboard.expectNarrow("#/jobs/ftjob-lora")
            let inside = try await dashboard.browser.run(
                """
                const table = document.querySelector('#network').getBoundingClientRect();
                return table.right <= document.querySelector('#model-map').getBoundingClientRect().right + 1;
                """)
            #expect(inside == true)
        }
    }
}
