public import JSON

extension JSONCursor {
    /// The value's elements, each read as an `Element`.
    public func list<Element: JSONRepresentable>(_ type: Element.Type = Element.self) throws(JSONFault) -> [Element] {
        var list: [Element] = []
        for element in try elements() { list.append(try Element(element)) }
        return list
    }

    /// The value's elements as strings.
    public func strings() throws(JSONFault) -> [String] {
        var strings: [String] = []
        for element in try elements() { strings.append(try element.string()) }
        return strings
    }

    /// The value's elements as single-precision numbers; null stands for one that is not finite.
    func floats() throws(JSONFault) -> [Float] {
        var floats: [Float] = []
        for element in try elements() { floats.append(element.value.isNull ? .nan : Float(try element.number())) }
        return floats
    }
}
