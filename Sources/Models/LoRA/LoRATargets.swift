/// Which linear layers of a trunk get an adapter.
public enum LoRATargets: Sendable, Hashable {
    /// Query and value of each attention, as the paper and peft choose.
    case auto
    /// Layers whose name, or the end of it behind a dot, fits one of the patterns (``NamePattern``).
    case patterns([String])

    /// peft's `target_modules`: ends of names, and for patterns with wildcards the names that they stand for.
    func modules(of family: EncoderFamily, among names: [String]) -> [String] {
        patterns(of: family).flatMap { pattern in
            pattern.contains(where: { $0 == "*" || $0 == "?" })
                ? names.filter { Self.fits($0, pattern, of: family) } : [pattern]
        }
    }

    private func patterns(of family: EncoderFamily) -> [String] {
        switch self {
        case .auto: family.adapterTargets
        case .patterns(let patterns): patterns
        }
    }

    /// The linear layers that get an adapter.
    ///
    /// - Parameter names: of all linear layers of the trunk, without the family's prefix.
    /// - Throws: ``ModelError/noSuchLayer(pattern:known:)`` for a pattern that fits none.
    func resolved(in names: [String], of family: EncoderFamily) throws(ModelError) -> Set<String> {
        var chosen: Set<String> = []
        for pattern in patterns(of: family) {
            let fitting = names.filter { Self.fits($0, pattern, of: family) }
            guard !fitting.isEmpty else {
                throw .noSuchLayer(pattern: pattern, known: Self.ends(of: names, family))
            }
            chosen.formUnion(fitting)
        }
        return chosen
    }

    private static func fits(_ name: String, _ pattern: String, of family: EncoderFamily) -> Bool {
        [pattern, "*." + pattern].contains {
            NamePattern($0).matches(name) || NamePattern($0).matches(family.prefix + name)
        }
    }

    /// What stands behind a layer's number, each once.
    private static func ends(of names: [String], _ family: EncoderFamily) -> [String] {
        let first = family.layerPrefix + "0."
        return names.filter { $0.hasPrefix(first) }.map { String($0.dropFirst(first.count)) }
    }
}

extension EncoderFamily {
    /// The ends of the names of query and value.
    var adapterTargets: [String] {
        [layer.query, layer.value].map { String($0.split(separator: ".").last ?? "") }
    }
}
