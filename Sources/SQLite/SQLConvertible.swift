/// A type that can be bound to a parameter and read from a column, without loss.
public protocol SQLConvertible {
    /// The value as it is stored.
    var sqlValue: SQLValue { get }
    /// Reads the value back; nil where it is of another type.
    init?(_ value: SQLValue)
}

extension Int: SQLConvertible {
    /// The number.
    public var sqlValue: SQLValue { .integer(Int64(self)) }

    /// Reads an integer.
    public init?(_ value: SQLValue) {
        guard case .integer(let number) = value else { return nil }
        self.init(exactly: number)
    }
}

extension Double: SQLConvertible {
    /// The number.
    public var sqlValue: SQLValue { .real(self) }

    /// Reads a real or an integer.
    public init?(_ value: SQLValue) {
        switch value {
        case .real(let number): self = number
        case .integer(let number): self = Double(number)
        default: return nil
        }
    }
}

extension Bool: SQLConvertible {
    /// 1 or 0.
    public var sqlValue: SQLValue { .integer(self ? 1 : 0) }

    /// Reads 1 or 0.
    public init?(_ value: SQLValue) {
        switch value {
        case .integer(0): self = false
        case .integer(1): self = true
        default: return nil
        }
    }
}

extension String: SQLConvertible {
    /// The text.
    public var sqlValue: SQLValue { .text(self) }

    /// Reads a text.
    public init?(_ value: SQLValue) {
        guard case .text(let text) = value else { return nil }
        self = text
    }
}

extension [UInt8]: SQLConvertible {
    /// The bytes.
    public var sqlValue: SQLValue { .blob(self) }

    /// Reads a blob.
    public init?(_ value: SQLValue) {
        guard case .blob(let bytes) = value else { return nil }
        self = bytes
    }
}

extension Optional: SQLConvertible where Wrapped: SQLConvertible {
    /// The value, or `NULL`.
    public var sqlValue: SQLValue { self?.sqlValue ?? .null }

    /// Reads the value; `NULL` is nil.
    public init?(_ value: SQLValue) {
        if case .null = value {
            self = .none
        } else {
            guard let wrapped = Wrapped(value) else { return nil }
            self = .some(wrapped)
        }
    }
}
