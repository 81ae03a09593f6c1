import Foundation
import JSON
import Testing

/// The dashboard in a real browser, on a real server with a real worker and a tiny random model.
@Suite(
    "The dashboard", .serialized,
    .enabled(if: Browser.driverPath != nil, "chromedriver is not installed (Debian: chromium-driver)"))
struct DashboardTests {
    private static let pages = ["#/jobs", "#/new", "#/models"]

    private func withDashboard(_ test: (Browser, DashboardServer) async throws -> Void) async throws {
        try await Dashboard.lent { try await test($0.browser, $0.server) }
    }

    private func open(_ page: String, _ browser: Browser, _ server: DashboardServer) async throws {
        try await browser.open("\(server.origin)/\(page)")
        try await browser.wait(until: "document.querySelector('main').dataset.ready === 'true'")
    }

    /// How many of the canvas's pixels are drawn in the colour of training.
    private func emberPixels(_ browser: Browser) async throws -> Int {
        try await browser.run(
            """
            const canvas = document.querySelector('#loss-chart');
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            let count = 0;
            for (let i = 0; i < data.length; i += 4) {
                if (data[i + 3] > 128 && data[i] > 150 && data[i + 2] < 90) count += 1;
            }
            return count;
            """
        ).integer ?? 0
    }

    @Test func `An empty server offers the sample job, runs it and draws its loss live`() async throws {
        try await withDashboard { browser, server in
            try await open("", browser, server)
            try await browser.wait(until: "document.querySelector('#start-sample')")
            try await browser.click("#start-sample")
            try await browser.wait(until: "document.documentElement.dataset.page === 'job'")
            try await browser.wait(until: "Number(document.querySelector('[data-points]')?.dataset.points) >= 3")
            #expect(try await browser.text("#connection") == "Live")
            try await browser.wait(until: "document.querySelector('#loss-chart').dataset.drawn === 'true'")
            #expect(try await emberPixels(browser) > 50)

            try await browser.wait(until: "document.querySelector('[data-state=succeeded]')", seconds: 110)
            let id = try await browser.run("return decodeURIComponent(location.hash.split('/')[2])").string ?? ""
            let steps = try await server.job(id)["progress"]?["total_steps"]?.integer
            let points = "Number(document.querySelector('section[data-points]').dataset.points)"
            try await browser.wait(until: "\(points) === \(steps ?? -1)")
            try await browser.wait(until: "document.querySelectorAll('#confusion-matrix tbody tr').length === 7")
            try await browser.wait(until: "document.querySelectorAll('#checkpoints > li').length > 0")
            let status = try await browser.runAsync(
                "return (await fetch(document.querySelector('#checkpoints a[download]').href)).status")
            #expect(status == 200)

            try await browser.reload()
            try await browser.wait(until: "document.querySelector('#loss-chart')?.dataset.drawn === 'true'")
            #expect(try await browser.run("return \(points)").integer == steps)
            #expect(try await emberPixels(browser) > 50)

            try await browser.click("[data-action=try]")
            try await browser.wait(until: "document.querySelector('#try-text')")
            try await browser.type("Where is my parcel?", into: "#try-text")
            try await browser.click("#try-button")
            try await browser.wait(until: "document.querySelectorAll('#try-result .scores li').length === 7")
            #expect(try await browser.complaints() == [])
        }
    }

    @Test func `With a token a checkpoint comes down whole, and the link tells how far it is`() async throws {
        try await withDashboard { browser, server in
            let file = try await server.upload(
                (0..<20).map { #"{"text": "text \#($0)", "label": "\#($0 % 2 == 0 ? "even" : "odd")"}"# }
                    .joined(separator: "\n"), name: "numbers.jsonl")
            let job = try await server.createJob(["model": "tiny-bert", "training_file": .string(file)])
            #expect(try await server.end(of: job)["status"] == "succeeded")
            try await open("", browser, server)
            try await browser.run("sessionStorage.setItem('finetuned.token', 'a token')")
            try await browser.run(
                """
                const address = URL.createObjectURL;
                URL.createObjectURL = (blob) => { window.saved = { size: blob.size }; return address(blob); };
                HTMLAnchorElement.prototype.click = function () { window.saved.name = this.download; };
                location.hash = '#/jobs/\(job)';
                """)
            try await browser.wait(until: "document.querySelector('#checkpoints a[download]')")
            try await browser.click("#checkpoints a[download]")
            try await browser.wait(until: "window.saved?.name")
            let isWhole = try await browser.runAsync(
                """
                const link = document.querySelector('#checkpoints a[download]');
                const whole = await (await fetch(link.href)).blob();
                return window.saved.name === link.download && window.saved.size === whole.size && whole.size > 0;
                """)
            #expect(isWhole == true)
            try await browser.wait(
                until: "document.querySelector('#checkpoints a[download]').textContent === 'Download'")
            #expect(try await browser.complaints() == [])
        }
    }

    @Test func `A reload in mid-run loses no point and follows on`() async throws {
        try await withDashboard { browser, server in
            let job = try await longJob(server)
            try await open("#/jobs/\(job)", browser, server)
            let points = "Number(document.querySelector('section[data-points]')?.dataset.points)"
            try await browser.wait(until: "\(points) >= 5")
            let before = try await browser.run("return \(points)").integer ?? 0
            try await browser.reload()
            try await browser.wait(until: "\(points) > \(before)")
            let steps = try await browser.runAsync(
                """
                const metrics = await (await fetch('/v1/fine_tuning/jobs/\(job)/metrics')).json();
                return metrics.train.step;
                """)
            #expect(steps.array?.map(\.integer) == (1...(steps.array?.count ?? 1)).map { $0 })

            try await browser.click("[data-action=cancel]")
            try await browser.wait(until: "document.querySelector('dialog[open] .danger')")
            try await browser.click("dialog[open] .danger")
            try await browser.wait(until: "document.querySelector('.page[data-state=cancelled]')")
            #expect(try await browser.complaints() == [])
        }
    }

    /// A job of many steps, running on the tiny model.
    private func longJob(_ server: DashboardServer) async throws -> String {
        let samples = try String(
            contentsOfFile: "\(DashboardServer.root)/public/samples/support-messages.jsonl", encoding: .utf8)
        let file = try await server.upload(samples, name: "messages.jsonl")
        return try await server.createJob([
            "model": "tiny-bert", "training_file": .string(file),
            "method": ["type": "supervised", "supervised": ["hyperparameters": ["n_epochs": 400, "batch_size": 4]]],
        ])
    }

    @Test func `A failed job shows its error before anything else`() async throws {
        try await withDashboard { browser, server in
            let file = try await server.upload(
                "{\"text\": \"a\", \"label\": \"x\"}\n{\"text\": \"b\"}\nnot json\n", name: "broken.jsonl")
            let job = try await server.createJob(["model": "tiny-bert", "training_file": .string(file)])
            try await open("#/jobs/\(job)", browser, server)
            try await browser.wait(until: "document.querySelector('.page[data-state=failed]')")
            let error = try await server.job(job)["error"]?["message"]?.string ?? "no error"
            #expect(try await browser.text("#job-error").contains(error))
            let isFirst = try await browser.run(
                """
                const error = document.querySelector('#job-error').getBoundingClientRect();
                const others = [...document.querySelectorAll('.progress-line, .figures, .panel')].filter((each) => each.offsetParent);
                return error.height > 0 && others.every((each) => each.getBoundingClientRect().top >= error.bottom);
                """)
            #expect(isFirst == true)
            #expect(try await browser.text("#job-error").contains("What to do"))
            #expect(try await browser.complaints() == [])
        }
    }

    @Test func `A new file is checked and its faults are listed with their lines`() async throws {
        try await withDashboard { browser, server in
            let path = "\(server.directory)/faulty.jsonl"
            let lines = ["{\"text\": \"a\", \"label\": \"x\"}", "{\"text\": \"b\", \"label\": \"y\"}", "not json"]
            try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
            try await open("#/new", browser, server)
            try await browser.type(path, into: "#file-input")
            try await browser.wait(until: "document.querySelector('#verdict')")
            #expect(try await browser.text("#verdict").contains("1 error"))
            #expect(try await browser.text(".findings tbody tr td:first-child") == "3")
            #expect(try await browser.run("return document.querySelector('#create-job').disabled") == true)
            #expect(try await browser.complaints() == [])
        }
    }

    @Test func `The sample file gets a quote, and the request is shown as it is sent`() async throws {
        try await withDashboard { browser, server in
            try await open("#/new", browser, server)
            try await browser.click("#use-sample")
            try await browser.wait(until: "document.querySelector('.quote-figures')")
            try await browser.click("#layers-top-choice")
            try await browser.wait(until: "document.querySelector('.request pre').textContent.includes('\"top\": 2')")
            try await browser.wait(until: "!document.querySelector('#create-job').disabled")
            try await browser.click("#create-job")
            try await browser.wait(until: "document.documentElement.dataset.page === 'job'")
            try await browser.wait(until: "document.querySelector('.later')")
            try await browser.run("document.querySelector('.later').scrollIntoView()")
            try await browser.wait(until: "document.querySelector('#recipe pre')")
            #expect(try await browser.text("#recipe pre").contains("\"top\": 2"))
            #expect(try await browser.complaints() == [])
        }
    }

    @Test func `No page scrolls sideways at 360 pixels, none is heavier than 150 KB`() async throws {
        try await withDashboard { browser, server in
            let job = try await longJob(server)
            let dashboard = Dashboard(browser: browser, server: server)
            for page in Self.pages + ["#/jobs/\(job)"] { try await dashboard.expectNarrow(page) }
            #expect(try await browser.complaints() == [])
        }
    }

    @Test func `A server without models says how to get one, and fits a telephone`() async throws {
        try await Dashboard.lent { dashboard in
            let nothing: JSONValue = ["data": [], "has_more": false]
            try await dashboard.browser.answer(with: [
                "GET /v1/models": nothing, "GET /v1/fine_tuning/jobs": nothing, "GET /v1/files": nothing,
            ])
            for page in ["#/models", "#/jobs"] {
                try await dashboard.open(page)
                try await dashboard.browser.wait(until: "document.querySelector('.empty .code')")
                #expect(try await dashboard.browser.text(".empty .code").hasPrefix("finetuned pull "))
                try await dashboard.expectNarrow(page)
                try await dashboard.browser.wait(until: "document.querySelector('.empty .code')")
                let isInside = try await dashboard.browser.run(
                    """
                    const box = document.querySelector('.empty');
                    return box.querySelector('.code').getBoundingClientRect().right < box.getBoundingClientRect().right;
                    """)
                #expect(isInside == true)
            }
            #expect(try await dashboard.browser.complaints() == [])
        }
    }

    @Test func `Text stands out from its ground by 4.5 to 1, dark and light`() async throws {
        try await withDashboard { browser, server in
            for scheme in ["light", "dark"] {
                try await browser.prefer(colorScheme: scheme)
                try await open("#/jobs", browser, server)
                let weak = try await browser.run(Self.contrastScript).array ?? [.string("no answer")]
                #expect(weak.map(\.text) == [], "\(scheme)")
            }
        }
    }

    /// Contrast by WCAG 2.2, 1.4.3, of every pair of colours that text is set in.
    private static let contrastScript = """
        const css = getComputedStyle(document.documentElement);
        const luminance = (name) => {
            const hex = css.getPropertyValue(name).trim().slice(1);
            const [r, g, b] = [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
                .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const pairs = ['--ink', '--muted', '--ember', '--frost', '--good', '--bad'].flatMap((text) =>
            ['--paper', '--surface', '--sunken'].map((ground) => [text, ground])).concat([
            ['--on-ink', '--ink'], ['--bad', '--bad-wash'], ['--ink', '--bad-wash'], ['--muted', '--bad-wash'],
            ['--frost', '--frost-wash'], ['--on-ink', '--ember'], ['--faint', '--surface']]);
        return pairs.map(([text, ground]) => {
            const [a, b] = [luminance(text), luminance(ground)].sort((x, y) => y - x);
            return { text, ground, ratio: (a + 0.05) / (b + 0.05) };
        }).filter(({ ratio }) => !(ratio >= 4.5));
        """

    @Test func `The keyboard alone finds a job and reads its chart`() async throws {
        try await withDashboard { browser, server in
            let job = try await longJob(server)
            try await open("#/jobs", browser, server)
            try await browser.wait(until: "document.querySelector('[data-job]')")
            try await browser.press("/")
            #expect(try await browser.run("return document.activeElement.id") == "job-search")
            try await browser.press("zzz")
            try await browser.wait(until: "!document.querySelector('#no-match').hidden")
            try await browser.press("\u{E003}\u{E003}\u{E003}tiny")
            try await browser.wait(until: "document.querySelector('[data-job]')?.isConnected")
            try await browser.press("\u{E004}\u{E007}")
            try await browser.wait(until: "location.hash === '#/jobs/\(job)'")
            try await browser.wait(until: "Number(document.querySelector('section[data-points]')?.dataset.points) > 3")
            try await browser.run("document.querySelector('#loss-chart').focus()")
            try await browser.press("\u{E011}")
            try await browser.wait(
                until: "document.querySelector('#loss-chart').getAttribute('aria-valuetext').startsWith('Step 1:')")
            #expect(try await browser.run("return document.querySelector('.readout').hidden") == false)
            #expect(try await browser.complaints() == [])
        }
    }

    @Test func `A server that is killed is said so, and the page catches up when it is back`() async throws {
        try await withDashboard { browser, server in
            let job = try await longJob(server)
            let connection = "document.querySelector('#connection').dataset.connection"
            let points = "Number(document.querySelector('section[data-points]')?.dataset.points)"
            try await open("#/jobs/\(job)", browser, server)
            try await browser.wait(until: "\(connection) === 'live' && \(points) > 3")
            try await server.kill()
            try await browser.wait(until: "\(connection) === 'waiting'")
            #expect(try await browser.text("#connection") == "Reconnecting")
            let before = try await browser.run("return \(points)").integer ?? 0
            try await server.restart()
            try await browser.wait(until: "\(connection) === 'live' && \(points) > \(before)")
            // What the page has gathered from its stream equals what the server tells of it.
            try await browser.click("[data-action=cancel]")
            try await browser.wait(until: "document.querySelector('dialog[open] .danger')")
            try await browser.click("dialog[open] .danger")
            try await browser.wait(until: "document.querySelector('.page[data-state=cancelled]')")
            let known = try await browser.runAsync(
                """
                const metrics = await (await fetch('/v1/fine_tuning/jobs/\(job)/metrics?max_points=100000')).json();
                return metrics.train.step.length;
                """)
            #expect(try await browser.run("return \(points)") == known)
        }
    }
}
