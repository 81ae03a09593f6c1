import Foundation
import JSON
import Testing

@testable import Safetensors

@Suite struct SafetensorsFileTests {
    @Test func `a file of the Python package gives its names, shapes, values and metadata`() throws {
        let opened = try SafetensorsFile(path: Fixture.path("reference.safetensors"))
        let expected = try Fixture.json("reference.json").object!
        #expect(Set(opened.tensors.map(\.name)) == Set(expected.names))
        #expect(opened.metadata == ["format": "pt"])
        for member in expected.members {
            let info = try #require(opened.tensor(named: member.name))
            #expect(info.element == .float32)
            #expect(info.shape == member.value["shape"]!.array!.map { $0.integer! })
            #expect(try opened.floats(member.name) == member.value["values"]!.array!.map { Float($0.number!) })
        }
    }

    @Test func `half precision widens exactly, for all 65,536 values`() throws {
        for bits in UInt16.min...UInt16.max {
            let widened = Float32Conversion.widenFloat16(bits)
            let exponent = Int(bits >> 10 & 31)
            let fraction = Double(bits & 1023) / 1024
            let sign: Double = bits >> 15 == 1 ? -1 : 1
            switch (exponent, fraction) {
            case (31, 0): #expect(widened == Float(sign) * .infinity)
            case (31, _): #expect(widened.isNaN)
            case (0, _): #expect(widened == Float(sign * fraction * 0x1p-14))
            default:
                #expect(
                    widened
                        == Float(sign * (1 + fraction) * Double(sign: .plus, exponent: exponent - 15, significand: 1)))
            }
            #expect((widened.sign == .minus) == (sign < 0))
        }
    }

    @Test func `F16, BF16 and F32 are read from unaligned places`() throws {
        let directory = try TemporaryDirectory()
        let text =
            #"{"h":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},"b":{"dtype":"BF16","shape":[1],"data_offsets":"#
            + #"[2,4]},"u":{"dtype":"U8","shape":[1],"data_offsets":[4,5]},"f":{"dtype":"F32","shape":[1],"data_offsets":[5,9]}}"#
        let path = try directory.write(
            "x.safetensors", file(text, data: [0x00, 0xC1, 0x20, 0xC0, 9] + [0x00, 0x00, 0x20, 0x40]))
        let opened = try SafetensorsFile(path: path)
        #expect(try opened.floats("h") == [-2.5])
        #expect(try opened.floats("b") == [-2.5])
        #expect(try opened.floats("f") == [2.5])
        #expect(try opened.withBytes(of: "u") { Array($0) } == [9])
        #expect(throws: SafetensorsError.unreadableElement(name: "u", element: .unsigned8)) { try opened.floats("u") }
    }

    @Test func `a missing tensor and a wrong buffer are named`() throws {
        let opened = try SafetensorsFile(path: Fixture.path("reference.safetensors"))
        #expect(throws: SafetensorsError.missingTensor(name: "nope", path: opened.path)) { try opened.floats("nope") }
        let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: 5)
        defer { buffer.deallocate() }
        #expect(throws: SafetensorsError.wrongBufferSize(name: "encoder.weight", shape: [2, 3], buffer: 5)) {
            try opened.read("encoder.weight", into: buffer)
        }
    }

    @Test func `a missing file, a directory and an empty file are told apart`() throws {
        let directory = try TemporaryDirectory()
        let empty = try directory.write("empty.safetensors", [])
        #expect(throws: SafetensorsError.malformed(path: empty, fault: .tooShort(bytes: 0))) {
            try SafetensorsFile(path: empty)
        }
        let missing = directory.path + "/none.safetensors"
        #expect { try SafetensorsFile(path: missing) } throws: { "\($0)".contains("No such file") }
        #expect { try SafetensorsFile(path: directory.path) } throws: { "\($0)".contains("not a regular file") }
    }
}
