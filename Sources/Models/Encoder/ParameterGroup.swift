internal import Tensors

/// Declares parameters of one block, depth and role.
struct ParameterGroup {
    let block: String
    let depth: Int
    var role = ParameterRole.trunk

    /// `name.weight`, which decays.
    func weight(_ name: String, _ shape: Shape) -> EncoderParameter {
        parameter(name + ".weight", shape, decays: true, .normal)
    }

    /// `name.bias`, which does not decay.
    func bias(_ name: String, _ count: Int) -> EncoderParameter {
        parameter(name + ".bias", [count], decays: false, .zero)
    }

    /// `name.weight`, (outputs × inputs), and `name.bias`, (outputs).
    func linear(_ name: String, _ outputs: Int, _ inputs: Int) -> [EncoderParameter] {
        [weight(name, [outputs, inputs]), bias(name, outputs)]
    }

    /// `name.weight` and `name.bias` of a layer normalisation, under the names of old files too.
    func norm(_ name: String, _ count: Int) -> [EncoderParameter] {
        var gamma = parameter(name + ".weight", [count], decays: false, .one)
        gamma.aliases = [name + ".gamma"]
        var beta = bias(name, count)
        beta.aliases = [name + ".beta"]
        return [gamma, beta]
    }

    private func parameter(
        _ name: String, _ shape: Shape, decays: Bool, _ initial: EncoderParameter.InitialValue
    ) -> EncoderParameter {
        EncoderParameter(
            specification: ParameterSpecification(
                name: name, shape: shape, block: block, decays: decays, depth: depth, role: role), initial: initial)
    }
}
