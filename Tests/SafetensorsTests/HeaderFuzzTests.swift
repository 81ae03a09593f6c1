import JSON
import SeededNumbers
import Testing

@testable import Safetensors

/// Headers whose parts are what no writer would write.
@Suite struct HeaderFuzzTests {
    static let numbers: [JSONValue] = [
        0, 0, 1, 2, 4, 4, 8, -1, 2_147_483_648, 4_611_686_018_427_387_904, .integer(.max), .number(1.5), .number(1e300),
        "4", .null, .bool(true), .array([]), [:],
    ]
    static let elements: [JSONValue] = ["F32", "F32", "F16", "BF16", "I64", "F4", "U8", "f32", "", 32, .null, ["F32"]]

    private func list(_ generator: inout SplitMix, _ counts: [Int]) -> JSONValue {
        if Int.random(in: 0..<12, using: &generator) == 0 { return Self.numbers.randomElement(using: &generator)! }
        return .array(
            (0..<counts.randomElement(using: &generator)!).map { _ in
                // Mostly small numbers, so that some headers are good.
                Self.numbers[
                    Int.random(in: 0..<(Int.random(in: 0..<3, using: &generator) == 0 ? 18 : 7), using: &generator)]
            })
    }

    @Test(arguments: 0..<4) func `a header of foreign parts is refused, or its tensors lie within the file`(_ seed: Int)
    {
        var generator = SplitMix(seed: UInt64(seed))
        var accepted = 0
        for _ in 0..<1000 {
            var header = JSONObject()
            for name in ["a", "", "__metadata__", "b\u{0}", "é"].prefix(Int.random(in: 0...5, using: &generator))
                .shuffled(using: &generator)
            where Int.random(in: 0..<2, using: &generator) == 0 {
                let entry: JSONValue = [
                    "dtype": Self.elements.randomElement(using: &generator)!, "shape": list(&generator, [0, 1, 2, 9]),
                    "data_offsets": list(&generator, [2, 2, 2, 1, 3]),
                ]
                header[name] =
                    Int.random(in: 0..<8, using: &generator) == 0
                    ? Self.numbers.randomElement(using: &generator)! : entry
            }
            let contents = file(
                String(decoding: JSONValue.object(header).bytes, as: UTF8.self),
                data: [UInt8](repeating: 0, count: [0, 4, 8].randomElement(using: &generator)!))
            do {
                let header = try contents.withUnsafeBytes { bytes in
                    try SafetensorsHeader(parsing: bytes)
                }
                accepted += 1
                for tensor in header.tensors {
                    #expect(tensor.byteRange.upperBound + header.dataOffset <= contents.count)
                    #expect(tensor.count * tensor.element.bitCount == tensor.byteRange.count * 8)
                }
            } catch let fault as HeaderFault {
                #expect(!fault.description.isEmpty)
            } catch {
                Issue.record("not a HeaderFault: \(error)")
            }
        }
        #expect(accepted > 0)
        #expect(accepted < 1000)
    }

    @Test func `a header of 50,000 tensors takes linear time`() throws {
        let entries = (0..<50_000).map { #""t\#($0)":{"dtype":"F32","shape":[0,9],"data_offsets":[0,0]}"# }
        let contents = file("{\(entries.joined(separator: ","))}")
        var count = 0
        let time = try ContinuousClock().measure {
            count = try contents.withUnsafeBytes { try SafetensorsHeader(parsing: $0) }.tensors.count
        }
        #expect(count == 50_000)
        #expect(time < .seconds(60))
    }
}
