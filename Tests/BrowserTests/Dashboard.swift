import JSON

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

    /// Sideways scroll and size of what was loaded, checked at 360 pixels.
    func measureNarrow(_ page: String) async throws -> (overflow: Int, bytes: Int) {
        try await browser.resize(width: 360, height: 740)
        try await open(page)
        let overflow = try await browser.run(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        let bytes = try await browser.run(
            """
            const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
            return entries.filter(({ name }) => !name.includes('/v1/')).reduce((sum, each) => sum + each.decodedBodySize, 0);
            """)
        return (overflow.integer ?? .max, bytes.integer ?? .max)
    }
}
