/// BERT's normalizer: cleans, sets ideographs apart, strips accents, makes small letters.
///
/// Source: `BertNormalizer` of the Python package `tokenizers`, after `BasicTokenizer` of the original BERT.
struct BertNormalizer: Sendable, Equatable {
    /// Drop control characters and turn every white space into a space.
    var cleanText = true
    /// Put spaces around CJK ideographs.
    var handleChineseCharacters = true
    /// Decompose and drop nonspacing marks; nil: as `lowercase`.
    var stripAccents: Bool?
    /// Make small letters.
    var lowercase = true

    /// Normalizes a piece of text in place.
    func apply(to text: inout NormalizedText) {
        var result = NormalizedText(replacing: text, capacity: text.bytes.count)
        // Counts the scalars of this text, whose origins then take the place of the numbers.
        text.bytes.withUnsafeBufferPointer { normalize($0, origin: 0, into: &result) }
        var starts: [NormalizedText.Origin] = []
        starts.reserveCapacity(text.bytes.count)
        for (byte, origin) in zip(text.bytes, text.origins) where byte & 0xC0 != 0x80 { starts.append(origin) }
        for index in result.origins.indices { result.origins[index] = starts[Int(result.origins[index].start)] }
        text = result
    }

    /// Appends a normalized piece of text.
    ///
    /// - Parameters:
    ///   - piece: valid UTF-8.
    ///   - origin: the position of its first scalar in the whole text.
    func normalize(_ piece: UnsafeBufferPointer<UInt8>, origin: Int, into output: inout NormalizedText) {
        var marks = PendingMarks()
        let strips = stripAccents ?? lowercase
        var origin = Int32(origin)
        var position = 0
        while position < piece.count {
            let byte = piece[position]
            if byte < 0x80 {
                if !marks.isEmpty, !(cleanText && Self.isControl(byte)) { flush(&marks, into: &output) }
                appendASCII(byte, origin: origin, to: &output)
                position += 1
            } else {
                let (scalar, size) = UTF8Reader.scalar(in: piece, at: position)
                append(scalar, origin: origin, strips: strips, marks: &marks, to: &output)
                position += size
            }
            origin += 1
        }
        flush(&marks, into: &output)
    }

    private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D || byte == 0x7F
    }

    @inline(__always)
    private func appendASCII(_ byte: UInt8, origin: Int32, to output: inout NormalizedText) {
        switch byte {
        case 0x41...0x5A: output.append(byte: lowercase ? byte | 0x20 : byte, origin: origin)
        case 0x20...0x7E: output.append(byte: byte, origin: origin)
        case 0x09, 0x0A, 0x0D: output.append(byte: cleanText ? 0x20 : byte, origin: origin)
        default: if !cleanText { output.append(byte: byte, origin: origin) }
        }
    }

    /// Appends a scalar that is not ASCII.
    private func append(
        _ scalar: Unicode.Scalar, origin: Int32, strips: Bool, marks: inout PendingMarks,
        to output: inout NormalizedText
    ) {
        let kind = ScalarClass.of(scalar)
        if cleanText {
            if kind.contains(.control) { return }
            if kind.contains(.whitespace) {
                flush(&marks, into: &output)
                output.append(byte: 0x20, origin: origin)
                return
            }
        }
        let apart = handleChineseCharacters && kind.contains(.ideograph)
        if apart {
            flush(&marks, into: &output)
            output.append(byte: 0x20, origin: origin)
        }
        if strips {
            appendStripped(scalar, kind, origin: origin, marks: &marks, to: &output)
        } else {
            appendLowercase(scalar, kind, origin: origin, to: &output)
        }
        if apart {
            flush(&marks, into: &output)
            output.append(byte: 0x20, origin: origin)
        }
    }

    /// Appends a scalar's decomposition without its nonspacing marks.
    private func appendStripped(
        _ scalar: Unicode.Scalar, _ kind: ScalarClass, origin: Int32, marks: inout PendingMarks,
        to output: inout NormalizedText
    ) {
        guard kind.contains(.decomposes), let parts = CanonicalDecomposition.of(scalar) else {
            append(PendingMarks.Mark(scalar: scalar, kind: kind, origin: origin, isFirstPart: true), &marks, &output)
            return
        }
        for (index, part) in parts.enumerated() {
            let mark = PendingMarks.Mark(
                scalar: part, kind: ScalarClass.of(part), origin: origin, isFirstPart: index == 0)
            append(mark, &marks, &output)
        }
    }

    private func append(_ part: PendingMarks.Mark, _ marks: inout PendingMarks, _ output: inout NormalizedText) {
        if part.kind.contains(.combines) {
            marks.append(part)
        } else {
            flush(&marks, into: &output)
            appendUnlessStripped(part, origin: part.origin, to: &output)
        }
    }

    private func flush(_ marks: inout PendingMarks, into output: inout NormalizedText) {
        guard !marks.isEmpty else { return }
        marks.removeAllInOrder { mark, origin in appendUnlessStripped(mark, origin: origin, to: &output) }
    }

    private func appendUnlessStripped(_ part: PendingMarks.Mark, origin: Int32, to output: inout NormalizedText) {
        guard !part.kind.contains(.nonspacingMark) else { return }
        appendLowercase(part.scalar, part.kind, origin: origin, to: &output)
    }

    private func appendLowercase(
        _ scalar: Unicode.Scalar, _ kind: ScalarClass, origin: Int32, to output: inout NormalizedText
    ) {
        guard lowercase, kind.contains(.changesInLowercase) else {
            output.append(scalar, origin: origin)
            return
        }
        for small in scalar.properties.lowercaseMapping.unicodeScalars { output.append(small, origin: origin) }
    }
}
