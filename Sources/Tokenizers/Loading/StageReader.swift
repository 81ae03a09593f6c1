internal import JSON

/// What reading a stage can end with, beside a `JSONFault`.
enum StageFault: Error {
    case unsupported(component: String, type: String, supported: [String])
    case missingToken(String)
}

extension JSONCursor {
    /// The stage's `type`, one of those that are known.
    func stageType<Kind: RawRepresentable & CaseIterable>(_ component: String) throws -> Kind
    where Kind.RawValue == String {
        var fields = try fields()
        let name = try fields.required("type").string()
        guard let kind = Kind(rawValue: name) else {
            throw StageFault.unsupported(component: component, type: name, supported: Kind.allCases.map(\.rawValue))
        }
        return kind
    }

    /// The stages of this one, in order: those of a sequence, and of sequences in it, or itself.
    ///
    /// - Parameters:
    ///   - list: how a sequence calls its stages.
    ///   - limit: the most stages, so that a text's cost stays bounded.
    func stages(_ list: String, limit: Int = 64) throws -> [JSONCursor] {
        var result: [JSONCursor] = []
        var pending = [self]
        while let stage = pending.popLast() {
            guard stage.value["type"]?.string == "Sequence" else {
                result.append(stage)
                guard result.count <= limit else { throw fault("it has more than \(limit) stages") }
                continue
            }
            var fields = try stage.fields()
            pending += try fields.required(list).elements().reversed()
        }
        return result
    }

    /// A text no longer than a number of bytes.
    func shortString(_ limit: Int = 256) throws -> String {
        let text = try string()
        guard text.utf8.count <= limit else { throw fault("the text is longer than \(limit) bytes") }
        return text
    }

    /// A single Unicode scalar.
    func scalar() throws -> Unicode.Scalar {
        let scalars = try string().unicodeScalars
        guard scalars.count == 1, let scalar = scalars.first else { throw fault("expected one character") }
        return scalar
    }

    /// A pattern: `{"String": …}` or `{"Regex": …}`.
    func pattern() throws -> TextPattern {
        var fields = try fields()
        if let text = fields.optional("String") { return .string(Array(try text.shortString().utf8)) }
        let expression = try fields.required("Regex")
        do {
            return .expression(try RegularExpression(expression.string()))
        } catch let fault as PatternFault {
            throw expression.fault(fault.description)
        }
    }
}
