import Foundation
import JSON

/// A headless Chromium, driven through chromedriver; both end with ``quit()``.
struct Browser: Sendable {
    private let driver: Service
    private let client: WebDriverClient
    private let session: String

    /// Where chromedriver is, or nil where it is not installed.
    static let driverPath: String? = executable("chromedriver")

    private static func executable(_ name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Starts chromedriver and a browser session in it.
    init() async throws {
        guard let path = Self.driverPath else { throw WebDriverError.notStarted("there is no chromedriver in PATH") }
        driver = try await Service(path, arguments: ["--port=0"], port: #"successfully on port (\d+)"#)
        client = WebDriverClient(port: driver.port)
        do {
            let answer = try await client.send("POST", "/session", Self.capabilities)
            guard let session = answer["sessionId"]?.string else {
                throw WebDriverError.notStarted("no session: \(answer.text)")
            }
            self.session = session
        } catch {
            await driver.stop()
            throw error
        }
    }

    private static let capabilities: JSONValue = [
        "capabilities": [
            "alwaysMatch": [
                "goog:chromeOptions": [
                    "args": [
                        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                        "--window-size=1280,900", "--no-first-run", "--disable-extensions",
                    ]
                ],
                "goog:loggingPrefs": ["browser": "ALL"],
                "timeouts": ["script": 120_000, "pageLoad": 60_000],
            ]
        ]
    ]

    /// Ends the session and its processes.
    func quit() async {
        _ = try? await client.send("DELETE", "/session/\(session)")
        await driver.stop()
    }

    private func command(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
        try await client.send(method, "/session/\(session)\(path)", body)
    }

    /// Opens an address.
    func open(_ address: String) async throws {
        _ = try await command("POST", "/url", ["url": .string(address)])
    }

    /// Loads the page anew, as a user's reload does.
    func reload() async throws {
        _ = try await command("POST", "/refresh", [:])
    }

    /// Sets the size of what is seen, in CSS pixels; below what a window may be as well.
    func resize(width: Int, height: Int) async throws {
        try await emulate(
            "Emulation.setDeviceMetricsOverride",
            [
                "width": JSONValue(width), "height": JSONValue(height), "deviceScaleFactor": 1, "mobile": false,
            ])
    }

    /// Makes the system seem dark or light.
    func prefer(colorScheme: String) async throws {
        try await emulate(
            "Emulation.setEmulatedMedia",
            ["features": [["name": "prefers-color-scheme", "value": .string(colorScheme)]]])
    }

    private func emulate(_ name: String, _ parameters: JSONValue) async throws {
        _ = try await command("POST", "/goog/cdp/execute", ["cmd": .string(name), "params": parameters])
    }

    /// Has every page opened from now on get these answers instead of the server's, by method and path:
    /// `GET /v1/models`. A stream of events stays open and empty; what is not named goes to the server.
    func answer(with recorded: JSONValue) async throws {
        let script = """
            (() => {
                const recorded = \(recorded.text), ask = window.fetch.bind(window);
                window.asked = [];
                window.fetch = async (address, options = {}) => {
                    const url = new URL(address, location.origin), method = options.method ?? 'GET';
                    const path = `${method} ${decodeURIComponent(url.pathname)}`;
                    window.asked.push({ path, query: url.search, body: typeof options.body === 'string' ? JSON.parse(options.body) : null });
                    const answer = recorded[path + url.search] ?? recorded[path];
                    if (url.pathname === '/v1/events' || url.searchParams.get('stream') === 'true') return new Response(new ReadableStream());
                    if (answer === undefined) return ask(address, options);
                    return new Response(JSON.stringify(answer), { headers: { 'Content-Type': 'application/json' } });
                };
            })();
            """
        try await onEveryPage(script)
    }

    /// Has a script run in every page opened from now on, before anything of the page.
    func onEveryPage(_ script: String) async throws {
        try await emulate("Page.addScriptToEvaluateOnNewDocument", ["source": .string(script)])
    }

    /// Runs the body of a function in the page and returns what it returns.
    @discardableResult
    func run(_ script: String, _ arguments: [JSONValue] = []) async throws -> JSONValue {
        try await command("POST", "/execute/sync", ["script": .string(script), "args": .array(arguments)])
    }

    /// Runs the body of an async function in the page; what it throws is thrown here.
    @discardableResult
    func runAsync(_ script: String) async throws -> JSONValue {
        let wrapped = """
            const done = arguments[arguments.length - 1];
            (async () => { \(script) })().then((value) => done({ value: value ?? null }), (error) => done({ error: String(error) }));
            """
        let answer = try await command("POST", "/execute/async", ["script": .string(wrapped), "args": []])
        if let error = answer["error"]?.string {
            throw WebDriverError.refused(command: "script", error: "exception", message: error)
        }
        return answer["value"] ?? .null
    }

    /// Waits in the page, frame by frame, until an expression is true.
    func wait(until condition: String, seconds: Int = 60) async throws {
        let script = """
            const end = performance.now() + \(seconds * 1000);
            for (;;) {
                if (\(condition)) return true;
                if (performance.now() > end) return false;
                await new Promise((next) => requestAnimationFrame(next));
            }
            """
        guard try await runAsync(script).bool == true else {
            let page = try await run("return location.href + '\\n' + document.body.innerText")
            throw WebDriverError.timedOut(condition: condition, page: page.string ?? "")
        }
    }

    private func element(_ selector: String) async throws -> String {
        let found = try await command("POST", "/element", ["using": "css selector", "value": .string(selector)])
        guard let id = found.object?.members.first?.value.string else {
            throw WebDriverError.refused(command: selector, error: "no such element", message: found.text)
        }
        return id
    }

    /// Clicks an element as a user does: scrolled into view, not covered.
    func click(_ selector: String) async throws {
        _ = try await command("POST", "/element/\(element(selector))/click", [:])
    }

    /// Types into an element; for a file input, the path of a file.
    func type(_ text: String, into selector: String) async throws {
        _ = try await command("POST", "/element/\(element(selector))/value", ["text": .string(text)])
    }

    /// Presses keys wherever the focus is.
    func press(_ keys: String) async throws {
        let actions = keys.flatMap { key -> [JSONValue] in
            [["type": "keyDown", "value": .string(String(key))], ["type": "keyUp", "value": .string(String(key))]]
        }
        _ = try await command(
            "POST", "/actions", ["actions": [["type": "key", "id": "keyboard", "actions": .array(actions)]]])
    }

    /// The text that a user sees in an element.
    func text(_ selector: String) async throws -> String {
        try await command("GET", "/element/\(element(selector))/text").string ?? ""
    }

    /// What the console has got since the last call at level WARNING and above, violations of the content policy
    /// included.
    func complaints() async throws -> [String] {
        let entries = try await command("POST", "/se/log", ["type": "browser"]).array ?? []
        return entries.compactMap { entry in
            let level = entry["level"]?.string ?? ""
            return ["SEVERE", "WARNING"].contains(level) ? "\(level): \(entry["message"]?.string ?? "")" : nil
        }
    }
}
