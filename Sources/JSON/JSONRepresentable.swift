/// A type with one form as JSON, from which it can be read again.
public protocol JSONRepresentable {
    /// The value as JSON.
    var json: JSONValue { get }
    /// Reads the value.
    ///
    /// - Throws: ``JSONFault`` with the path of the first fault.
    init(_ cursor: JSONCursor) throws(JSONFault)
}
