import JSON
import Testing

/// The page's own modules, run in the browser that will run them.
@Suite(
    "The dashboard's modules", .serialized,
    .enabled(if: Browser.driverPath != nil, "chromedriver is not installed (Debian: chromium-driver)"))
struct ModuleTests {
    /// Runs a script on the page of a server of its own.
    private func inPage(_ script: String) async throws -> JSONValue {
        let server = try await DashboardServer()
        let browser: Browser
        do {
            browser = try await Browser()
            try await browser.open("\(server.origin)/")
            let value = try await browser.runAsync(script)
            await browser.quit()
            try await server.stop()
            return value
        } catch {
            try await server.stop()
            throw error
        }
    }

    @Test func `Events come out the same wherever the stream is cut, and a torn one is not counted as seen`()
        async throws
    {
        let value = try await inPage(
            """
            const { EventParser } = await import('/scripts/event-stream.js');
            const text = ': heartbeat\\n\\nretry: 1000\\nid: 7\\nevent: metrics\\ndata: {\\ndata: "é": 1}\\n\\nid: 8\\r\\ndata: x\\r\\n\\r\\nid: 9\\ndata: torn';
            const whole = JSON.stringify(new EventParser().push(text));
            for (let at = 0; at <= text.length; at += 1) {
                const parser = new EventParser();
                const events = [...parser.push(text.slice(0, at)), ...parser.push(text.slice(at))];
                if (JSON.stringify(events) !== whole) return `cut at ${at}: ${JSON.stringify(events)}`;
                if (parser.lastEventID !== '8') return `last id ${parser.lastEventID} after a cut at ${at}`;
            }
            return whole;
            """)
        let expected: JSONValue = [
            ["id": "7", "event": "metrics", "data": "{\n\"é\": 1}"], ["id": "8", "event": "message", "data": "x"],
        ]
        #expect(value.string == expected.text)
    }

    @Test func `A run resumed from its checkpoint overwrites the steps after it`() async throws {
        let value = try await inPage(
            """
            const { TrainingHistory } = await import('/scripts/training-history.js');
            const history = new TrainingHistory();
            for (const [step, loss] of [[1, 3], [2, 2], [3, 1], [2, 20], [3, 10]]) history.addPoint({ step, train_loss: loss });
            return [history.train.step, history.train.train_loss];
            """)
        #expect(value == [[1, 2, 3], [3, 20, 10]])
    }

    @Test func `What is asked for while an older answer is on its way is asked for once more`() async throws {
        let value = try await inPage(
            """
            const { inTurn } = await import('/scripts/api.js');
            const answers = [];
            let asked = 0;
            const ask = inTurn(async () => { asked += 1; await new Promise((resolve) => answers.push(resolve)); });
            const first = ask();
            ask();
            ask();
            answers[0]();
            await Promise.resolve();
            await Promise.resolve();
            answers[1]?.();
            await first;
            ask();
            return [asked, answers.length];
            """)
        #expect(value == [3, 3])
    }

    @Test func `What changes a thousand times is drawn once a frame, and after its rest`() async throws {
        let value = try await inPage(
            """
            const { onceAFrame } = await import('/scripts/dom.js');
            const frames = async (count) => { for (; count > 0; count -= 1) await new Promise(requestAnimationFrame); };
            let drawn = 0, times = [];
            const draw = onceAFrame(() => { drawn += 1; }, new AbortController().signal);
            for (let i = 0; i < 1000; i += 1) draw();
            await frames(2);
            const left = new AbortController();
            const rested = onceAFrame(() => times.push(performance.now()), left.signal, 100);
            while (times.length < 3) { rested(); await frames(1); }
            rested();
            left.abort();
            while (performance.now() < times[2] + 150) await frames(1);
            return [drawn, times.length, times[1] - times[0] >= 100 && times[2] - times[1] >= 100];
            """)
        #expect(value == [1, 3, true])
    }

    @Test func `Of a thousand messages the newest fifty are shown, and fifty more when asked for`() async throws {
        let value = try await inPage(
            """
            const { EventsPanel } = await import('/scripts/events-panel.js');
            const panel = new EventsPanel('job', new AbortController().signal);
            document.body.append(panel.node);
            const rows = () => [...panel.list.children].map((row) => row.querySelector('.message').textContent);
            const say = (i) => panel.add({ id: `e${i}`, seq: i, created_at: 1, level: 'info', type: 'message', message: `m${i}` });
            for (let i = 0; i < 999; i += 1) say(i);
            const beforeTheFrame = rows().length;
            while (rows().length === 0) await new Promise(requestAnimationFrame);
            const kept = panel.list.children[0];
            say(999);
            while (rows()[0] !== 'm999') await new Promise(requestAnimationFrame);
            const first = [rows().length, rows().at(-1), panel.list.children[1] === kept];
            panel.older.click();
            const more = [rows().length, rows().at(-1), panel.older.hidden];
            panel.node.remove();
            return [beforeTheFrame, ...first, ...more];
            """)
        #expect(value == [0, 50, "m950", true, 100, "m900", false])
    }

    @Test func `A loss that came before its history stands behind it`() async throws {
        let value = try await inPage(
            """
            const { Sparkline } = await import('/scripts/sparkline.js');
            const line = new Sparkline('Loss', new AbortController().signal);
            line.add(4, 1);
            line.add(5, 0.9);
            line.load([1, 2, 3, 4], [4, 3, 2, 1]);
            return line.steps;
            """)
        #expect(value == [1, 2, 3, 4, 5])
    }

    @Test func `A single step is seen as a point`() async throws {
        let value = try await inPage(
            """
            const { Chart } = await import('/scripts/chart.js');
            const view = Object.assign(new EventTarget(), { range: null, cursor: null });
            const chart = new Chart({ label: 'Loss', view, signal: new AbortController().signal });
            document.body.append(chart.node);
            Object.assign(chart.node.style, { position: 'fixed', inset: '0', width: '400px', height: '300px' });
            const inked = async (x, y) => {
                chart.series = [{ name: 'training', x, y, color: '--ember', kind: 'line' }];
                delete chart.canvas.dataset.drawn;
                chart.invalidate();
                while (chart.canvas.dataset.drawn !== 'true') await new Promise(requestAnimationFrame);
                const { data } = chart.canvas.getContext('2d').getImageData(0, 0, chart.canvas.width, chart.canvas.height);
                let count = 0;
                for (let i = 0; i < data.length; i += 4) {
                    if (data[i + 3] > 128 && data[i] > 150 && data[i + 2] < 90) count += 1;
                }
                return count;
            };
            return await inked([1], [2]) > 10;
            """)
        #expect(value == true)
    }

    @Test func `Axes have ticks whatever the range, and never without end`() async throws {
        let value = try await inPage(
            """
            const { ticks } = await import('/scripts/scale.js');
            return [[0, 1], [1, 1], [1, 1 + 2e-16], [1e9, 1e9 + 1e-7], [-5, 5], [NaN, 1], [0, 1e-300], [2, 1]]
                .map(([low, high]) => ticks(low, high, 4).length).every((length) => length >= 1 && length <= 12);
            """)
        #expect(value == true)
    }

    @Test func `Commands to copy survive quotes, and Python gets Python's words`() async throws {
        let value = try await inPage(
            """
            const { curlCommand, pythonLiteral } = await import('/scripts/snippets.js');
            return [curlCommand({ suffix: "it's" }).includes("it'\\\\''s"), pythonLiteral({ a: [true, null, 'x"y'], b: {} })];
            """)
        #expect(value == [true, #"{"a": [True, None, "x\"y"], "b": {}}"#])
    }

    @Test func `Names from outside are shown as text, whatever they hold`() async throws {
        let value = try await inPage(
            """
            const { el } = await import('/scripts/dom.js');
            const { stateBadge } = await import('/scripts/job.js');
            const name = '<img src=x onerror="document.title=1">';
            const node = el('p', { title: name }, name, stateBadge(name));
            return [node.querySelectorAll('img').length, node.firstChild.nodeType === Node.TEXT_NODE, node.title === name];
            """)
        #expect(value == [0, true, true])
    }

    @Test func `A file is known for its task by its name and its first lines`() async throws {
        let value = try await inPage(
            """
            const { guessTask } = await import('/scripts/tasks.js');
            const of = (name, head) => { const guess = guessTask(name, head); return guess && [guess.type, guess.kind ?? null]; };
            return [
                of('a.jsonl', '{"text": "a", "label": "x"}\\n{"te'), of('a.jsonl', '{"text": "a", "labels": ["x"]}'),
                of('a.jsonl', '{"text": "a", "text_pair": "b", "score": 1}'), of('a.jsonl', '{"tokens": ["a"], "tags": ["O"]}'),
                of('a.conll', 'EU B-ORG'), of('a.txt', 'Some text'), of('a.jsonl', '{"anchor": "a", "positive": "b"}'),
                of('a.jsonl', '{"anchor": "a", "positive": "b", "negative": "c"}'), of('a.tsv', 'text\\tlabel\\na\\tb'),
                of('a.json', '[\\n{"text": "a"},\\n'), of('a.csv', '"text","score"'), of('a.jsonl', '{"x": 1}'), of('a.bin', ''),
            ];
            """)
        #expect(
            value == [
                ["text-classification", .null], ["text-classification", "several"], ["text-regression", .null],
                ["token-classification", .null], ["token-classification", .null],
                ["masked-language-modeling", .null], ["text-embedding", "in_batch_negatives"],
                ["text-embedding", "triplet"], ["text-classification", .null], ["masked-language-modeling", .null],
                ["text-regression", .null], .null, .null,
            ])
    }

    @Test func `The drawn learning rate is that of the trainer`() async throws {
        let value = try await inPage(
            """
            const { scheduleFactor } = await import('/scripts/schedule.js');
            const at = (schedule, done, more) => Math.round(1e6 * scheduleFactor({ schedule, warmup: 0.1, ...more }, done, 100)) / 1e6;
            return [
                at('linear', 5), at('linear', 55), at('constant', 99), at('cosine', 55), at('polynomial', 55, { power: 2 }),
                at('inverse_sqrt', 40), at('slanted_triangular', 10), at('slanted_triangular', 100), at('linear', 100),
            ];
            """)
        #expect(value == [0.5, 0.5, 1, 0.5, 0.25, 0.5, 1, 0.03125, 0])
    }
}
