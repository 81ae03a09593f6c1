internal import Tensors

/// The parameters of adapters: names, shapes and initial values, as peft's `LoraLayer` has them.
struct AdapterLayout {
    /// Ends of names behind the linear layer's.
    static let down = ".lora_A.weight"
    static let up = ".lora_B.weight"
    static let magnitude = ".lora_magnitude_vector"

    let lora: LoRAConfiguration
    /// The names of the linear layers that have an adapter.
    let adapted: Set<String>

    /// The adapters beside the linear layers of a block.
    func parameters(beside block: [EncoderParameter]) -> [EncoderParameter] {
        block.map(\.specification).flatMap { specification -> [EncoderParameter] in
            guard specification.name.hasSuffix(".weight") else { return [] }
            let name = String(specification.name.dropLast(".weight".count))
            return adapted.contains(name) ? adapter(name, specification) : []
        }
    }

    /// A is drawn by Kaiming's rule with a = √5, as `nn.Linear` is; B is zero, so that training begins at the base model.
    private func adapter(_ name: String, _ weight: ParameterSpecification) -> [EncoderParameter] {
        let (outputs, inputs) = (weight.shape.rows, weight.shape.columns)
        func parameter(_ end: String, _ shape: Shape, _ initial: EncoderParameter.InitialValue) -> EncoderParameter {
            EncoderParameter(
                specification: ParameterSpecification(
                    name: name + end, shape: shape, block: weight.block, decays: true, depth: weight.depth,
                    role: .adapter), initial: initial)
        }
        let bound = 1 / Float(inputs).squareRoot()
        return [
            parameter(Self.down, [lora.rank, inputs], .uniform(bound: bound)),
            parameter(Self.up, [outputs, lora.rank], .zero),
        ] + (lora.hasMagnitude ? [parameter(Self.magnitude, [outputs], .rowNorms)] : [])
    }
}
