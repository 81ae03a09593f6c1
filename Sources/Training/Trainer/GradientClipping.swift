/// Scales gradients down to a global norm, as `torch.nn.utils.clip_grad_norm_`: max / (norm + 1e-6), at most 1.
public enum GradientClipping {
    /// The factor for gradients of this global norm; 1 without a limit.
    public static func scale(norm: Double, limit: Double?) -> Double {
        guard let limit else { return 1 }
        return min(1, limit / (norm + 1e-6))
    }
}
