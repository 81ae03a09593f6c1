import Arguments
import Foundation
import JSON
import Safetensors

/// Answers many cases in one process, for scripts that hold the answers against another implementation.
///
/// In: each case as its length (four bytes, little-endian) and its bytes. Out: the same of each answer; where the case
/// is refused, 0xFFFFFFFF alone. On the error output: the slowest case and the most memory.
enum AnswerCommand {
    static let json = Command("json", "answers JSON texts with what was read, written anew; see compare_json.py")
    static let safetensors = Command(
        "safetensors", "answers safetensors files with their tensors; see compare_safetensors.py")

    /// Reads all cases of the standard input and writes their answers.
    static func answer(_ answer: ([UInt8]) -> [UInt8]?) throws {
        let input = [UInt8](try FileHandle.standardInput.readToEnd() ?? Data())
        var output = Data()
        var position = 0
        var slowest = Duration.zero
        let clock = ContinuousClock()
        while position + 4 <= input.count {
            let length = Int(input.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: UInt32.self) })
            guard position + 4 + length <= input.count else { break }
            let bytes = Array(input[(position + 4)..<(position + 4 + length)])
            position += 4 + length
            let begin = clock.now
            let answer = answer(bytes)
            slowest = max(slowest, clock.now - begin)
            withUnsafeBytes(of: answer.map { UInt32($0.count) } ?? .max) { output.append(contentsOf: $0) }
            if let answer { output.append(contentsOf: answer) }
        }
        try FileHandle.standardOutput.write(contentsOf: output)
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let text = String(
            format: "slowest case %.1f ms, most memory %d MiB, of it %d MiB cases and answers\n",
            slowest / .milliseconds(1), usage.ru_maxrss / 1024, (input.count + output.count) >> 20)
        FileHandle.standardError.write(Data(text.utf8))
    }

    /// What was read, as a JSON text.
    static func canonicalJSON(_ bytes: [UInt8]) -> [UInt8]? { (try? JSONValue(parsing: bytes))?.bytes }

    /// A line for each tensor: name, element type, shape and place, as a JSON text.
    static func tensors(_ bytes: [UInt8]) -> [UInt8]? {
        guard let header = bytes.withUnsafeBytes({ try? SafetensorsHeader(parsing: $0) }) else { return nil }
        let tensors = header.tensors.map { tensor -> JSONValue in
            [
                .string(tensor.name), .string(tensor.element.rawValue), .array(tensor.shape.map { JSONValue($0) }),
                JSONValue(tensor.byteRange.lowerBound), JSONValue(tensor.byteRange.upperBound),
            ]
        }
        return JSONValue.array(tensors).bytes
    }
}
