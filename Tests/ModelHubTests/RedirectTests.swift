import Foundation
import Testing

@testable import ModelHub

@Suite("Redirects of a hub")
struct RedirectTests {
    private func refusal(_ text: String, byPrivateHub isPrivate: Bool) throws -> String? {
        let redirects = HubRedirects(endpoint: try #require(URL(string: "https://hub.invalid")), isPrivate: isPrivate)
        return redirects.refusal(of: try #require(URL(string: text)))
    }

    @Test(
        "to a machine of one's own network are not followed",
        arguments: [
            "https://127.0.0.1/x", "https://localhost/x", "https://10.1.2.3/x", "https://172.16.0.1/x",
            "https://192.168.1.1/x", "https://169.254.169.254/latest/meta-data/", "https://[::1]/x",
            "https://[::ffff:127.0.0.1]/x", "https://[fe80::1]/x", "https://[fd00::1]/x", "https://0.0.0.0/x",
            "https://2130706433/x",
        ])
    func inward(address: String) throws {
        #expect(try refusal(address, byPrivateHub: false)?.contains("public internet") == true)
        #expect(try refusal(address, byPrivateHub: true) == nil)
    }

    @Test("to another place of the public internet are followed by TLS only")
    func outward() throws {
        #expect(try refusal("https://1.1.1.1/x", byPrivateHub: false) == nil)
        #expect(try refusal("https://[2606:4700::1111]/x", byPrivateHub: false) == nil)
        #expect(try refusal("http://1.1.1.1/x", byPrivateHub: false) == "it leads away from TLS")
    }

    @Test("to anything but the web are not followed", arguments: ["file:///etc/passwd", "ftp://1.1.1.1/x", "data:,x"])
    func foreign(address: String) throws {
        #expect(try refusal(address, byPrivateHub: true) == "it is no address of the web")
    }

    /// What a pull from a hub that counts as one of the public internet fails with.
    private func failure(from hub: LoopbackHub) async throws -> String {
        let scratch = try ScratchDirectory()
        var settings = PullSettings()
        settings.endpoint = hub.endpoint
        settings.isHubPrivate = false
        let pull = try Pull(ModelSource(parsing: "hf:acme/tiny"), into: scratch.path, settings: settings)
        do {
            _ = try await pull.run(verify: { _ in }, progress: { _ in })
            return "nothing"
        } catch {
            return "\(error)"
        }
    }

    @Test("stop a pull before the other place is asked")
    func pull() async throws {
        let hub = try await LoopbackHub()
        #expect(try await failure(from: hub).contains("/storage/model.safetensors, which is not followed"))
        #expect(!hub.contents.takeAsked().contains { $0.path == "model.safetensors" })
        let place = "\(hub.endpoint)/storage/config.json"
        hub.contents.change { $0.listingMovedTo = place }
        #expect(try await failure(from: hub).contains("/storage/config.json, which is not followed"))
        #expect(hub.contents.takeAsked().isEmpty)
    }
}
