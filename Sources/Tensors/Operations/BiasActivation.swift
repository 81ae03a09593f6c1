internal import CKernels

extension Tape {
    /// y = f(z + b); takes over the memory of z.
    ///
    /// - Parameters:
    ///   - z: (rows × columns), of no further use to the caller.
    ///   - bias: (columns).
    /// - Returns: (rows × columns)
    public func biasActivation(_ z: Value, bias: Parameter, activation: Activation) -> Value {
        let columns = z.tensor.columns
        let y = arena.tensor(z.shape)
        let offset = store.value(bias).baseAddress!
        forBlocks(of: y.rows, size: Self.rowsPerSum) { row, count, _ in
            ck_bias_activation(
                activation.kernel, count, columns, z.tensor.base + row * columns, offset, y.base + row * columns)
        }
        let result = value(y, needsGradient: z.needsGradient || trains(bias))
        if result.needsGradient {
            record(
                BiasActivationNode(
                    z: z.id, zNeedsGradient: z.needsGradient, u: z.tensor, result: result.id, bias: bias,
                    activation: activation))
        }
        return result
    }
}

/// With u = z + b and g the gradient of y: dz = g ∘ f′(u), db = Σ over rows of dz.
private struct BiasActivationNode: Node {
    let z: Int
    let zNeedsGradient: Bool
    let u: Tensor
    let result: Int
    let bias: Parameter
    let activation: Activation

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result) else { return }
        let columns = gradient.columns
        tape.forBlocks(of: gradient.rows, size: Tape.rowsPerSum) { row, count, _ in
            let start = row * columns
            ck_activation_backward(activation.kernel, count * columns, u.base + start, gradient.base + start)
        }
        if let target = tape.store.gradient(bias)?.baseAddress {
            ck_add_column_sums(gradient.rows, columns, gradient.base, columns, target)
        }
        if zNeedsGradient { tape.addGradient(gradient, to: z) }
    }
}
