/// How the learning rate goes after the warm-up (names of the transformers Trainer, and ULMFiT's).
public enum ScheduleKind: String, Sendable, Hashable, CaseIterable {
    /// Falls in a straight line to 0 at the last step.
    case linear
    /// Stays.
    case constant
    /// Falls along half a cosine to 0 at the last step.
    case cosine
    /// Falls along a power of the steps left, to 1e-7.
    case polynomial
    /// Falls with the root of the steps done.
    case inverseSquareRoot = "inverse_sqrt"
    /// A short rise from and a long fall to 1/32 of the peak (Howard and Ruder 2018, ULMFiT).
    case slantedTriangular = "slanted_triangular"

    /// The share of all steps over which the rate rises, where the job names none.
    public var defaultWarmupRatio: Double { self == .slantedTriangular ? 0.1 : 0.06 }
}
