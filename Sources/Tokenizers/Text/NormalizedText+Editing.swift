/// A scalar of a text that replaces another, with what becomes of its neighbours.
struct ScalarEdit {
    let scalar: Unicode.Scalar
    /// 0: it stands for the next scalar of the old text. Above 0: it is added behind the one before. Below 0: it stands
    /// for the next scalar, and as many behind that are dropped.
    var change: Int
}

extension NormalizedText {
    /// Replaces the text scalar by scalar; the origins follow the edits.
    ///
    /// Source: `NormalizedString::transform_range` of the Python package `tokenizers`.
    mutating func apply(_ edits: [ScalarEdit]) {
        var result = NormalizedText(replacing: self, capacity: bytes.count + 16)
        bytes.withUnsafeBufferPointer { old in
            var position = 0
            for edit in edits {
                result.append(edit.scalar, origin: origin(at: position, isAdded: edit.change > 0))
                guard edit.change <= 0 else { continue }
                for _ in 0...(-edit.change) where position < old.count {
                    position += UTF8Reader.scalar(in: old, at: position).size
                }
            }
        }
        self = result
    }

    private func origin(at position: Int, isAdded: Bool) -> Origin {
        if isAdded { return position < 1 ? Origin(start: base, end: base) : origins[position - 1] }
        return origins[min(position, origins.count - 1)]
    }

    /// Replaces each scalar by what a closure appends for it.
    mutating func mapScalars(_ body: (Unicode.Scalar, Origin, inout NormalizedText) -> Void) {
        var result = NormalizedText(replacing: self, capacity: bytes.count + 16)
        bytes.withUnsafeBufferPointer { old in
            var position = 0
            while position < old.count {
                let (scalar, size) = UTF8Reader.scalar(in: old, at: position)
                body(scalar, origins[position], &result)
                position += size
            }
        }
        self = result
    }

    /// Puts a text before this one; it comes from where the first scalar does. An empty text stays empty.
    mutating func prepend(_ text: [UInt8]) {
        guard let first = origins.first else { return }
        bytes.insert(contentsOf: text, at: 0)
        origins.insert(contentsOf: repeatElement(first, count: text.count), at: 0)
    }

    /// Replaces ranges of bytes, in order and without overlap, by a text that comes from the end of each.
    mutating func replace(_ ranges: [Range<Int>], by text: [UInt8]) {
        guard !ranges.isEmpty else { return }
        var result = NormalizedText(replacing: self, capacity: bytes.count)
        var covered = 0
        for range in ranges {
            result.append(self, covered..<range.lowerBound)
            let origin = origin(at: range.upperBound, isAdded: true)
            for byte in text { result.append(byte: byte, origin: origin) }
            covered = range.upperBound
        }
        result.append(self, covered..<bytes.count)
        self = result
    }

    /// Appends a part of another text.
    mutating func append(_ other: NormalizedText, _ range: Range<Int>) {
        bytes.append(contentsOf: other.bytes[range])
        origins.append(contentsOf: other.origins[range])
    }

    /// Keeps a range of bytes only.
    mutating func keep(_ range: Range<Int>) {
        bytes = Array(bytes[range])
        origins = Array(origins[range])
    }

    /// Whether every scalar is ASCII.
    var isASCII: Bool { bytes.allSatisfy { $0 < 0x80 } }
}
