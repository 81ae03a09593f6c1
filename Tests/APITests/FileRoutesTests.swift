import FineTuning
import Foundation
import JSON
import Storage
import Testing

@testable import API

struct FileRoutesTests {
    private let content = "{\"text\":\"my card\",\"label\":\"billing\"}\n{\"text\":\"crash\",\"label\":\"bug\"}\n"

    @Test func `A file goes up, is told of with all fields, comes back byte for byte and is deleted`() async throws {
        try await TestServer.run { server in
            let made = try await server.client.upload(content)
            #expect(made.status == 200)
            let file = try made.json
            let id = try #require(file["id"]?.string)
            #expect(id.hasPrefix("file-"))
            #expect(file["object"] == "file")
            #expect(file["bytes"]?.integer == content.utf8.count)
            #expect(file["filename"] == "tickets.jsonl")
            #expect(file["purpose"] == "fine-tune")
            #expect(file["status"] == "processed")
            #expect(file["expires_at"] == .null)
            #expect(file["sha256"]?.string == Hash.sha256(content))
            #expect(made["x-request-id"]?.hasPrefix("req_") == true)
            #expect(try await server.client.get("/v1/files/\(id)").json == file)
            let back = try await server.client.get("/v1/files/\(id)/content")
            #expect(back.text == content)
            #expect(back["content-disposition"]?.hasPrefix("attachment") == true)
            #expect(back["x-content-type-options"] == "nosniff")
            let gone = try await server.client.delete("/v1/files/\(id)")
            #expect(try gone.json == ["id": .string(id), "object": "file", "deleted": true])
            #expect(try await server.client.get("/v1/files/\(id)").status == 404)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: "\(server.database.directory.path)/files") == [])
        }
    }

    @Test func `Content answers ranges, If-Range and If-None-Match by the digest`() async throws {
        try await TestServer.run { server in
            let id = try await server.upload(content)
            let target = "/v1/files/\(id)/content"
            let whole = try await server.client.get(target)
            let tag = try #require(whole["etag"])
            #expect(tag == "\"\(Hash.sha256(content))\"")
            let part = try await server.client.get(target, headers: ["Range": "bytes=2-5"])
            #expect(part.status == 206)
            #expect(part.text == "text")
            #expect(part["content-range"] == "bytes 2-5/\(content.utf8.count)")
            #expect(try await server.client.get(target, headers: ["If-None-Match": tag]).status == 304)
            let other = try await server.client.get(target, headers: ["Range": "bytes=0-1", "If-Range": "\"other\""])
            #expect(other.status == 200)
            #expect(try await server.client.get(target, headers: ["Range": "bytes=99999-"]).status == 416)
        }
    }

    @Test func `Files are paged, filtered and ordered`() async throws {
        try await TestServer.run { server in
            var ids: [String] = []
            for _ in 0..<5 { ids.append(try await server.upload()) }
            let first = try await server.client.get("/v1/files?limit=2").json
            #expect(first["data"]?.array?.compactMap { $0["id"]?.string } == [ids[4], ids[3]])
            #expect(first["has_more"] == true)
            #expect(first["first_id"]?.string == ids[4])
            #expect(first["last_id"]?.string == ids[3])
            let last = try await server.client.get("/v1/files?limit=2&after=\(ids[1])").json
            #expect(last["data"]?.array?.compactMap { $0["id"]?.string } == [ids[0]])
            #expect(last["has_more"] == false)
            let past = try await server.client.get("/v1/files?after=\(ids[0])").json
            #expect(past == ["object": "list", "data": [], "has_more": false, "first_id": nil, "last_id": nil])
            let oldest = try await server.client.get("/v1/files?order=asc&limit=1").json
            #expect(oldest["last_id"]?.string == ids[0])
            #expect(try await server.client.get("/v1/files?purpose=evals").json["data"] == [])
        }
    }

    @Test(arguments: [
        ("limit=0", "limit"), ("limit=10001", "limit"), ("limit=x", "limit"), ("order=up", "order"),
        ("purpose=none", "purpose"), ("after=file-none", "after"),
    ])
    func `A wrong parameter of a list is named`(query: String, param: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.client.get("/v1/files?\(query)")
            #expect(answer.status == 400)
            #expect(try answer.error("param")?.string == param)
        }
    }

    @Test func `An upload's faults are told and leave nothing behind`() async throws {
        try await TestServer.run { server in
            let cases: [(fields: [(String, String)], content: String, param: String)] = [
                ([], content, "purpose"), ([("purpose", "fun")], content, "purpose"),
                ([("purpose", "fine-tune")], "", "file"),
                ([("purpose", "fine-tune"), ("purpose", "evals")], content, "purpose"),
                ([("purpose", "fine-tune"), ("colour", "red")], content, "colour"),
                ([("purpose", "evals"), ("expires_after[anchor]", "birth")], content, "expires_after[anchor]"),
                (
                    [("purpose", "evals"), ("expires_after[anchor]", "created_at"), ("expires_after[seconds]", "5")],
                    content, "expires_after[seconds]"
                ),
            ]
            for (fields, content, param) in cases {
                let answer = try await server.client.upload(content, fields: fields)
                #expect(answer.status == 400)
                #expect(try answer.error("param")?.string == param)
            }
            let form = "--edge\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nfine-tune\r\n--edge--\r\n"
            let type = ["Content-Type": "multipart/form-data; boundary=edge"]
            let empty = try await server.client.send("POST", "/v1/files", headers: type, body: Array(form.utf8))
            #expect(try empty.error("param") == "file")
            let json = try await server.client.post("/v1/files", ["purpose": "fine-tune"])
            #expect(json.status == 415)
            let torn = try await server.client.send(
                "POST", "/v1/files", headers: type, body: Array(form.utf8.dropLast(10)))
            #expect(torn.status == 400)
            for folder in ["files", "tmp"] {
                let path = "\(server.database.directory.path)/\(folder)"
                #expect(try FileManager.default.contentsOfDirectory(atPath: path) == [])
            }
        }
    }

    @Test func `An expiry is kept`() async throws {
        try await TestServer.run { server in
            let fields = [
                ("purpose", "evals"), ("expires_after[anchor]", "created_at"), ("expires_after[seconds]", "3600"),
            ]
            let file = try await server.client.upload(content, fields: fields).json
            let created = try #require(file["created_at"]?.integer)
            #expect(file["expires_at"]?.integer == created + 3600)
        }
    }

    @Test func `A file beyond the limit is refused with 413`() async throws {
        try await TestServer.run(configure: { $0.maximumFileBytes = 100 }) { server in
            let answer = try await server.client.upload(String(repeating: "x", count: 200))
            #expect(answer.status == 413)
            #expect(try answer.error("code") == "file_too_large")
        }
    }

    @Test func `A disk without room answers 507 and tells clients not to repeat`() async throws {
        try await TestServer.run(configure: { $0.reservedDiskBytes = 1 << 60 }) { server in
            let answer = try await server.client.upload(content)
            #expect(answer.status == 507)
            #expect(try answer.error("code") == "disk_full")
            #expect(answer["x-should-retry"] == "false")
            #expect(try await server.client.get("/readyz").status == 503)
        }
    }

    @Test(arguments: [
        "../../etc/passwd", "a\u{1}b\u{7F}.jsonl", "<script>alert(1)</script>.csv", "naïve – 名前.jsonl",
        "x%0d%0aSet-Cookie: a=b", String(repeating: "n", count: 500), "",
    ])
    func `A hostile file name is text and never a path`(name: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.client.upload(content, name: name)
            if name.contains("\u{1}") {
                #expect(answer.status == 400)
                return
            }
            let file = try answer.json
            let shown = try #require(file["filename"]?.string)
            #expect(!shown.isEmpty && shown.count <= 255)
            #expect(!shown.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F })
            #expect(!shown.contains("/"))
            let id = try #require(file["id"]?.string)
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(server.database.directory.path)/files")
            #expect(files == [id])
            let back = try await server.client.get("/v1/files/\(id)/content")
            #expect(back.text == content)
            #expect(back["set-cookie"] == nil)
        }
    }

    @Test(arguments: ["..", "%2e%2e%2fpasswd", "file-none", "..%2F..%2Ffinetuned.sqlite", "%00", "a%2Fb"])
    func `An id never leads out of the store`(id: String) async throws {
        try await TestServer.run { server in
            for path in ["/v1/files/\(id)", "/v1/files/\(id)/content", "/v1/files/\(id)/preview"] {
                let answer = try await server.client.get(path)
                #expect([400, 404].contains(answer.status))
            }
        }
    }

    @Test func `A file that a job needs is not deleted`() async throws {
        try await TestServer.run { server in
            let job = try await server.queuedJob()
            let answer = try await server.client.delete("/v1/files/\(job.trainingFile)")
            #expect(answer.status == 400)
            #expect(try answer.error("code") == "file_in_use")
            #expect(try answer.error("message")?.string?.contains(job.id) == true)
        }
    }
}
