internal import CKernels

extension Activation {
    /// Its number in CKernels.
    var kernel: ck_activation {
        switch self {
        case .gelu: ck_gelu
        case .geluTanh: ck_gelu_tanh
        case .relu: ck_relu
        case .tanh: ck_tanh
        }
    }
}
