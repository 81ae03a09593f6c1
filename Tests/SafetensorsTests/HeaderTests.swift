import Foundation
import JSON
import SeededNumbers
import Testing

@testable import Safetensors

@Suite struct HeaderTests {
    /// Where we refuse what the Python package lets pass, because the format's own text forbids it.
    static let stricter: Set<String> = [
        "a leading space", "a leading line end", "a name twice", "a name twice, once escaped", "a metadata key twice",
        "a tensor as an array", "dtype an object",
    ]

    struct Case: CustomTestStringConvertible {
        let name: String
        let accepted: Bool
        let contents: [UInt8]
        var testDescription: String { name }

        static func all() throws -> [Case] {
            try Fixture.json("header_cases.json").array!.map { value in
                let decoded = ["length", "header"].map { [UInt8](Data(base64Encoded: value[$0]!.string!)!) }
                let data = [UInt8](repeating: 0, count: value["data"]!.integer!)
                return Case(
                    name: value["name"]!.string!, accepted: value["accepted"]!.bool!,
                    contents: decoded[0] + decoded[1] + data)
            }
        }
    }

    func header(_ contents: [UInt8]) throws -> SafetensorsHeader {
        try contents.withUnsafeBytes { try SafetensorsHeader(parsing: $0) }
    }

    @Test(arguments: try Case.all())
    func `a header is accepted exactly where the Python package accepts it`(_ given: Case) throws {
        let ours = (try? header(given.contents)) != nil
        #expect(ours == (given.accepted && !Self.stricter.contains(given.name)))
    }

    @Test func `every stricter rule is one of the cases`() throws {
        #expect(Self.stricter.isSubset(of: try Case.all().filter(\.accepted).map(\.name)))
    }

    @Test(arguments: 0..<8) func `a file shorter than the length field is refused`(_ size: Int) {
        #expect(throws: HeaderFault.tooShort(bytes: size)) { try header([UInt8](repeating: 0, count: size)) }
    }

    @Test func `100,000 brackets neither overflow the stack nor take long`() {
        let brackets = String(repeating: "[", count: 100_000)
        #expect(throws: HeaderFault.self) { try header(file("{\"a\":" + brackets)) }
    }

    @Test func `a header above the limit is refused before it is looked at`() {
        let contents: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0x7B]
        #expect(throws: HeaderFault.headerTooLarge(length: .max >> 1, limit: 100_000_000)) { try header(contents) }
    }

    @Test func `a product that overflows to the size that is there is refused`() {
        let text = #"{"a":{"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}"#
        #expect(throws: HeaderFault.sizeOverflow(name: "a")) { try header(file(text)) }
    }

    @Test func `tensors that overlap are refused by name`() {
        let entry = #"{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#
        #expect(throws: HeaderFault.offsetsNotContiguous(name: "b", begin: 0, end: 4, expected: 4)) {
            try header(file(#"{"a":\#(entry),"b":\#(entry)}"#, data: [0, 0, 0, 0]))
        }
    }

    @Test func `data that no tensor owns is refused`() {
        let text = #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
        #expect(throws: HeaderFault.dataNotCovered(tensors: 4, data: 9)) {
            try header(file(text, data: [UInt8](repeating: 0, count: 9)))
        }
    }

    @Test func `names that differ only in their composition are refused`() {
        let text =
            #"{"\#u{E9}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"#
            + #""e\#u{301}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#
        #expect(throws: HeaderFault.sameName(name: "\u{E9}")) { try header(file(text)) }
    }

    @Test func `tensors come in the order of their data, with shape and place`() throws {
        let text = """
            {"b":{"dtype":"F16","shape":[2,1],"data_offsets":[4,8]},"__metadata__":{"format":"pt"},\
            "a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}
            """
        let header = try header(file(text, data: [UInt8](repeating: 0, count: 8)))
        #expect(
            header.tensors == [
                TensorInfo(name: "a", element: .float32, shape: [], byteRange: 0..<4),
                TensorInfo(name: "b", element: .float16, shape: [2, 1], byteRange: 4..<8),
            ])
        #expect(header.metadata == ["format": "pt"])
        #expect(header.dataOffset == 8 + text.utf8.count)
    }

    @Test(arguments: 0..<20) func `mutated files are refused or stay within their bytes`(_ seed: Int) throws {
        let text =
            #"{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
            + #""b":{"dtype":"BF16","shape":[2,2],"data_offsets":[4,12]}}"#
        let original = file(text, data: [UInt8](repeating: 1, count: 12))
        var generator = SplitMix(seed: UInt64(seed))
        var accepted = 0
        for _ in 0..<500 {
            var contents = original
            for _ in 0..<Int.random(in: 1...3, using: &generator) { mutate(&contents, &generator) }
            guard let header = try? header(contents) else { continue }
            accepted += 1
            var end = 0
            for tensor in header.tensors {
                #expect(tensor.byteRange.lowerBound == end)
                #expect(tensor.byteRange.count * 8 == tensor.count * tensor.element.bitCount)
                end = tensor.byteRange.upperBound
            }
            #expect(header.dataOffset + end == contents.count)
        }
        #expect(accepted > 0)
        #expect(accepted < 500)
    }

    private func mutate(_ contents: inout [UInt8], _ generator: inout SplitMix) {
        let place = Int.random(in: 0..<contents.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: contents[place] = .random(in: 0...255, using: &generator)
        case 1: contents[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 2: contents.insert(contents.randomElement(using: &generator)!, at: place)
        case 3: contents.remove(at: place)
        default: contents[place] = Array("0123456789[]{},:\"".utf8).randomElement(using: &generator)!
        }
    }
}
