import JSON
import Testing

/// A server of its own and a browser that looks at its pages.
struct Dashboard {
    let browser: Browser
    let server: DashboardServer

    /// Lends a server and a browser to a test and ends both after it, whatever happened.
    static func lent(to test: (Dashboard) async throws -> Void) async throws {
        let server = try await DashboardServer()
        let browser: Browser
        do {
            browser = try await Browser()
        } catch {
            try await server.stop()
            throw error
        }
        do {
            try await test(Dashboard(browser: browser, server: server))
        } catch {
            await browser.quit()
            try await server.stop()
            throw error
        }
        await browser.quit()
        try await server.stop()
    }

    /// The same, with pages that are told recorded answers.
    static func recorded(_ test: (Dashboard) async throws -> Void) async throws {
        let answers = try RecordedAnswers.all()
        try await lent { dashboard in
            try await dashboard.browser.answer(with: answers)
            try await test(dashboard)
        }
    }

    /// Opens a page by its fragment and waits until it shows.
    func open(_ page: String) async throws {
        try await browser.open("about:blank")
        try await browser.open("\(server.origin)/\(page)")
        try await browser.wait(until: "document.querySelector('main').dataset.ready === 'true'")
    }

    /// The texts of all elements that match, as a user sees them.
    func texts(_ selector: String) async throws -> [String] {
        try await browser.run(
            "return [...document.querySelectorAll(arguments[0])].map((each) => (each.innerText ?? each.textContent).trim())",
            [.string(selector)]
        ).array?.compactMap(\.string) ?? []
    }

    /// A value as a function of `format.js` writes it for people.
    func formatted(_ function: String, _ arguments: JSONValue...) async throws -> String {
        try await browser.runAsync(
            "return (await import('/scripts/format.js')).\(function)(...\(JSONValue.array(arguments).text))"
        ).string ?? ""
    }

    /// What a page of files may weigh, everything that is loaded down to its end, uncompressed. Bytes.
    static let heaviestPage = 150_000

    /// Checks a page at 360 pixels: that it does not scroll sideways, and what it weighs when all of it has been seen.
    func expectNarrow(_ page: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await browser.resize(width: 360, height: 740)
        try await open(page)
        try await browser.run("window.scrollTo(0, document.body.scrollHeight)")
        try await browser.wait(
            until: """
                [...document.querySelectorAll('.later, .evaluation')].every((each) => each.hasChildNodes() || each.closest('[hidden]'))
                """)
        let overflow = try await browser.run(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        #expect(overflow == 0, "\(page) scrolls sideways", sourceLocation: sourceLocation)
        let bytes = try await browser.run(
            """
            const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
            return entries.filter(({ name }) => !name.includes('/v1/')).reduce((sum, each) => sum + each.decodedBodySize, 0);
            """)
        #expect(
            (10_000...Self.heaviestPage).contains(bytes.integer ?? .max), "\(page) weighs \(bytes.text) bytes",
            sourceLocation: sourceLocation)
    }
}
