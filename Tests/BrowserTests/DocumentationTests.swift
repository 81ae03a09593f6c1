import FineTuning
import Foundation
import JSON
import Testing

/// The documentation's pages: their jobs mean what they say and run, and their links lead somewhere.
@Suite("The documentation", .serialized)
struct DocumentationTests {
    private static let pages = ["index", "layers", "strategy", "tasks", "data", "evaluation", "sweeps"]

    @Test func `Every page shows at least one job`() {
        let shown = Set(DocumentedJob.all.map(\.page))
        #expect(shown == Set(Self.pages.map { "\($0).html" }))
    }

    @Test(arguments: DocumentedJob.all)
    func `A job of the documentation is one that the parser takes`(job: DocumentedJob) throws {
        let request = try JobRequest(job.request(model: "tiny-bert", file: "file-1"), threads: 1)
        #expect(request.trainingFile == "file-1")
    }

    @Test func `Every job of the documentation runs to its end`() async throws {
        let server = try await DashboardServer()
        do {
            try await runAll(on: server)
        } catch {
            try await server.stop()
            throw error
        }
        try await server.stop()
    }

    private func runAll(on server: DashboardServer) async throws {
        var files: [String: String] = [:]
        for job in DocumentedJob.all {
            if files[job.sample] == nil {
                let path = "\(DashboardServer.root)/public/samples/\(job.sample)"
                files[job.sample] = try await server.upload(
                    String(contentsOfFile: path, encoding: .utf8), name: job.sample)
            }
            let id = try await server.createJob(job.request(model: "tiny-bert", file: files[job.sample] ?? ""))
            let ended = try await server.end(of: id)
            #expect(ended["status"] == "succeeded", "\(job.testDescription): \(ended["error"]?.text ?? "")")
        }
    }

    @Test(.enabled(if: Browser.driverPath != nil, "chromedriver is not installed (Debian: chromium-driver)"))
    func `No page is ever shown without its navigation`() async throws {
        try await Dashboard.lent { dashboard in
            try await dashboard.browser.onEveryPage(
                """
                new MutationObserver(() => {
                    if (window.linksAtFirst || !document.querySelector('#boot, article')) return;
                    window.linksAtFirst = ['.masthead nav', 'docs-nav'].map((each) => document.querySelectorAll(`${each} a`).length);
                }).observe(document, { childList: true, subtree: true });
                """)
            for page in ["", "docs/"] + Self.pages.map({ "docs/\($0).html" }) {
                try await dashboard.browser.open("\(dashboard.server.origin)/\(page)")
                let expected: JSONValue = page.isEmpty ? [4, 0] : [4, JSONValue(Self.pages.count)]
                #expect(try await dashboard.browser.run("return window.linksAtFirst") == expected, "\(page)")
                let current = try await dashboard.texts("[aria-current=page]")
                #expect(page.isEmpty ? current == ["Jobs"] : current.first == "Docs" && current.count == 2, "\(page)")
            }
            #expect(try await dashboard.browser.complaints() == [])
        }
    }

    @Test(.enabled(if: Browser.driverPath != nil, "chromedriver is not installed (Debian: chromium-driver)"))
    func `Every page is reached from the dashboard, fits a telephone and has no dead link`() async throws {
        try await Dashboard.lent { dashboard in
            try await dashboard.open("#/jobs")
            try await dashboard.browser.resize(width: 360, height: 740)
            try await dashboard.browser.click(".masthead a[href='/docs/']")
            try await dashboard.browser.wait(until: "document.querySelector('.docs-nav a')")
            let links = try await dashboard.browser.run(
                "return [...document.querySelectorAll('.docs-nav a')].map((each) => each.href)"
            ).array?.compactMap(\.string)
            #expect(links?.count == Self.pages.count)
            for link in links ?? [] {
                try await dashboard.browser.open(link)
                let overflow = try await dashboard.browser.run(
                    "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
                #expect(overflow == 0, "\(link)")
                let dead = try await dashboard.browser.runAsync(
                    """
                    const own = [...document.querySelectorAll('a[href], link[href]')].map((each) => new URL(each.href))
                        .filter((each) => each.origin === location.origin);
                    const dead = [];
                    for (const each of new Set(own.map((one) => one.pathname))) {
                        if (!(await fetch(each)).ok) dead.push(each);
                    }
                    const ids = own.filter((each) => each.pathname === location.pathname && each.hash.length > 1);
                    return [...dead, ...ids.filter((each) => !document.getElementById(each.hash.slice(1))).map(String)];
                    """)
                #expect(dead == [], "\(link)")
            }
            #expect(try await dashboard.browser.complaints() == [])
        }
    }
}
