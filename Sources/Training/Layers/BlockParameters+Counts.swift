internal import FineTuning
internal import Tensors

extension BlockParameters {
    /// The counts of each block of a model, in the network's order.
    static func counts(of store: ParameterStore) -> [BlockParameters] {
        store.parameters.reduce(into: []) { blocks, parameter in
            let trainable = parameter.isTrainable ? parameter.count : 0
            if let index = blocks.firstIndex(where: { $0.block == parameter.block }) {
                blocks[index].parameters += parameter.count
                blocks[index].trainable += trainable
            } else {
                blocks.append(
                    BlockParameters(block: parameter.block, parameters: parameter.count, trainable: trainable))
            }
        }
    }
}
