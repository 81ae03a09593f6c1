import Foundation
import ModelHub
import POSIX
import Testing

@Suite("Pulling a model from a hub")
struct PullTests {
    private let scratch: ScratchDirectory
    private let needed = [
        "1_Pooling", "1_Pooling/config.json", "README.md", "config.json", "model.safetensors", "tokenizer.json",
        "vocab.txt",
    ]

    init() throws { scratch = try ScratchDirectory() }

    private func pull(
        from hub: LoopbackHub, attempts: Int = 3, verify: @Sendable (String) async throws -> Void = { _ in }
    ) async throws -> Pull.Result {
        var settings = PullSettings()
        settings.endpoint = hub.endpoint
        settings.fruitlessAttempts = attempts
        settings.retryDelay = .zero
        return try await Pull(ModelSource(parsing: "hf:acme/tiny"), into: scratch.path, settings: settings)
            .run(verify: verify) { _ in }
    }

    private func failure(from hub: LoopbackHub, attempts: Int = 3) async throws -> String {
        let error = await #expect(throws: (any Error).self) { try await pull(from: hub, attempts: attempts) }
        return error.map { "\($0)" } ?? ""
    }

    /// A pull of which the first transfer breaks in the middle of the weights and no other begins.
    private func breakOff(_ hub: LoopbackHub) async throws {
        hub.contents.change {
            $0.breaksAfter = 100_000
            $0.refusal = (status: 503, after: 1)
        }
        _ = try await failure(from: hub, attempts: 1)
    }

    @Test("fetches the files that a model consists of, and nothing the second time")
    func whole() async throws {
        let hub = try await LoopbackHub()
        let first = try await pull(from: hub)
        #expect(first.directory == "\(scratch.path)/tiny")
        #expect(!first.wasComplete)
        #expect(scratch.listing() == ["tiny"] + needed.map { "tiny/\($0)" })
        #expect(try scratch.read("tiny/model.safetensors") == LoopbackHub.weights)
        #expect(Set(hub.contents.takeAsked().map(\.path)) == Set(needed.dropFirst()))
        let second = try await pull(from: hub)
        #expect(second.wasComplete)
        #expect(second.bytes == first.bytes)
        #expect(hub.contents.takeAsked().isEmpty)
    }

    @Test("goes on by Range where the transfer breaks off, as often as it brings something")
    func brokenOff() async throws {
        let hub = try await LoopbackHub()
        hub.contents.change { $0.breaksAfter = 70_000 }
        _ = try await pull(from: hub, attempts: 1)
        #expect(try scratch.read("tiny/model.safetensors") == LoopbackHub.weights)
        let ranges = hub.contents.takeAsked().filter { $0.path == "model.safetensors" }.map(\.range)
        #expect(ranges == [nil, "bytes=70000-", "bytes=140000-", "bytes=210000-", "bytes=280000-"])
    }

    @Test("keeps what arrived, and a later pull goes on from there")
    func later() async throws {
        let hub = try await LoopbackHub()
        hub.contents.change {
            $0.breaksAfter = 100_000
            $0.refusal = (status: 503, after: 1)
        }
        #expect(try await failure(from: hub, attempts: 1).contains("broke off: the hub answers 503"))
        #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/tiny"))
        _ = hub.contents.takeAsked()
        hub.contents.change { $0.recover() }
        _ = try await pull(from: hub)
        #expect(hub.contents.takeAsked().contains(.init(path: "model.safetensors", range: "bytes=100000-")))
        #expect(try scratch.read("tiny/model.safetensors") == LoopbackHub.weights)
        #expect(scratch.listing() == ["tiny"] + needed.map { "tiny/\($0)" })
    }

    @Test("starts over where the server knows no ranges")
    func withoutRanges() async throws {
        let hub = try await LoopbackHub()
        try await breakOff(hub)
        hub.contents.change {
            $0.recover()
            $0.ignoresRanges = true
        }
        _ = try await pull(from: hub)
        #expect(try scratch.read("tiny/model.safetensors") == LoopbackHub.weights)
    }

    @Test("refuses a file whose SHA-256 is another, and leaves the model that was there")
    func wrongDigest() async throws {
        let hub = try await LoopbackHub()
        _ = try await pull(from: hub)
        let wrong = String(repeating: "0", count: 64)
        hub.contents.change { $0.files[5].claimedSHA256 = wrong }
        let message = try await failure(from: hub)
        #expect(message.contains("model.safetensors arrived damaged: expected SHA-256 \(wrong)"))
        #expect(try scratch.read("tiny/model.safetensors") == LoopbackHub.weights)
        #expect(!scratch.listing().contains { $0.hasSuffix(".partial") && $0.contains("safetensors") })
    }

    @Test("refuses a file that is longer or shorter than the listing says", arguments: [-1, 1])
    func wrongLength(difference: Int) async throws {
        let hub = try await LoopbackHub()
        hub.contents.change { $0.files[2].claimedBytes = $0.files[2].content.count + difference }
        let message = try await failure(from: hub)
        #expect(message.contains("vocab.txt"))
        #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/tiny"))
    }

    @Test("does not go on from a partial file that was damaged since")
    func damagedPartial() async throws {
        let hub = try await LoopbackHub()
        try await breakOff(hub)
        let partial = try #require(scratch.listing().first { $0.hasSuffix(".partial") && $0.contains("safetensors") })
        var bytes = try scratch.read(partial)
        bytes[50_000] ^= 1
        try scratch.write(bytes, to: partial)
        hub.contents.change { $0.recover() }
        _ = try await pull(from: hub)
        #expect(try scratch.read("tiny/model.safetensors") == LoopbackHub.weights)
    }

    @Test("replaces the model by a newer revision")
    func newer() async throws {
        let hub = try await LoopbackHub()
        _ = try await pull(from: hub)
        hub.contents.change { $0.files[5].content = [9, 9, 9] }
        #expect(try await !pull(from: hub).wasComplete)
        #expect(try scratch.read("tiny/model.safetensors") == [9, 9, 9])
        #expect(scratch.listing() == ["tiny"] + needed.map { "tiny/\($0)" })
    }

    @Test("reads a listing of several pages")
    func pages() async throws {
        let hub = try await LoopbackHub()
        hub.contents.change { $0.pageSize = 2 }
        _ = try await pull(from: hub)
        #expect(scratch.listing() == ["tiny"] + needed.map { "tiny/\($0)" })
    }

    @Test("publishes nothing that the last look refuses")
    func refusedByVerification() async throws {
        struct Refusal: Error {}
        let hub = try await LoopbackHub()
        await #expect(throws: Refusal.self) {
            try await pull(from: hub) { directory in
                #expect(FileManager.default.fileExists(atPath: "\(directory)/config.json"))
                throw Refusal()
            }
        }
        #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/tiny"))
    }

    @Test(
        "says what a repository lacks",
        arguments: [
            (0, "it has no config.json"),
            (5, "it has no weights as safetensors; it has pytorch_model.bin, which is not read here"),
        ])
    func incomplete(removed: Int, message: String) async throws {
        let hub = try await LoopbackHub()
        hub.contents.change { $0.files.remove(at: removed) }
        #expect(try await failure(from: hub).contains(message))
    }

    @Test("takes no path and no name of a file from the listing that leads elsewhere")
    func hostileListing() async throws {
        let hub = try await LoopbackHub()
        hub.contents.change { state in
            for path in ["../escape.safetensors", "/tmp/model-1-of-1.safetensors", "model-../../x-of-y.safetensors"] {
                state.files.append(HubContents.File(path: path, content: [1]))
            }
        }
        _ = try await pull(from: hub)
        #expect(scratch.listing() == ["tiny"] + needed.map { "tiny/\($0)" })
        hub.contents.change { $0.files[0].claimedOID = "../../escape" }
        #expect(try await failure(from: hub).contains("oid is no identity of Git"))
    }

    @Test("says that the listing makes no sense", arguments: ["<html>", "{}", "[{\"type\":\"file\"}]", "[1]", ""])
    func malformedListing(text: String) async throws {
        let hub = try await LoopbackHub()
        hub.contents.change { $0.listing = text }
        #expect(try await failure(from: hub).contains("makes no sense"))
    }

    @Test("says that the hub cannot be reached, or does not know the model")
    func unreachable() async throws {
        let hub = try await LoopbackHub()
        var settings = PullSettings()
        settings.endpoint = hub.endpoint
        let absent = try Pull(ModelSource(parsing: "hf:acme/other"), into: scratch.path, settings: settings)
        let missing = await #expect(throws: PullError.self) { try await absent.run(verify: { _ in }) { _ in } }
        #expect(missing?.description.contains("answers 404: there is no such model") == true)
        settings.endpoint = "http://127.0.0.1:1"
        let nowhere = try Pull(ModelSource(parsing: "hf:acme/tiny"), into: scratch.path, settings: settings)
        let refused = await #expect(throws: PullError.self) { try await nowhere.run(verify: { _ in }) { _ in } }
        #expect(refused?.description.contains("cannot reach http://127.0.0.1:1/") == true)
    }

    @Test("keeps out of the way of another pull of the same model")
    func busy() async throws {
        let hub = try await LoopbackHub()
        let lock = try FileLock.tryAcquire("\(scratch.path)/.tiny.lock")
        #expect(lock != nil)
        #expect(try await failure(from: hub).contains("another pull is writing"))
        withExtendedLifetime(lock) {}
    }
}
