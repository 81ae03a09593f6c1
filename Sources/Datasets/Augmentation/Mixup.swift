internal import FineTuning
internal import Foundation

/// Which examples of a batch are mixed with which, and how much (Zhang et al. 2018; on sentence vectors Guo et al. 2019).
///
/// An example becomes λ · itself + (1 - λ) · its partner, with one λ ~ Beta(α, α) an example, taken as the greater of λ
/// and 1 - λ, and partners by a permutation of the batch. A pure function of seed and step.
public struct Mixup: Sendable, Hashable {
    private let alpha: Double
    private let probability: Double
    private let seed: UInt64

    /// Mixtures.
    ///
    /// - Parameters:
    ///   - alpha: both parameters of the beta distribution, above 0; small ones keep mixtures near one of both.
    ///   - probability: the chance of each example to be mixed.
    public init(alpha: Double, probability: Double, seed: UInt64) {
        precondition(alpha > 0, "the beta distribution's parameters are above 0")
        self.alpha = alpha
        self.probability = probability
        self.seed = seed
    }

    /// The mixtures of a micro-batch.
    ///
    /// - Parameters:
    ///   - step: the optimizer step, from 0.
    ///   - part: the micro-batch of the step, from 0.
    ///   - count: examples of the micro-batch, B.
    /// - Returns: the partner of each example, (B), and the share λ of the example itself, (B), 0.5 to 1.
    public func plan(step: Int, part: Int = 0, count: Int) -> (partners: [Int], shares: [Float]) {
        var random = PhiloxGenerator(seed: seed, stream: RandomStream.mixup(step: step, part: part))
        var partners = Array(0..<count)
        random.shuffle(&partners)
        let shares = (0..<count).map { _ -> Float in
            let isMixed = random.unit() < probability
            let share = random.beta(alpha)
            return isMixed ? Float(max(share, 1 - share)) : 1
        }
        return (partners, shares)
    }
}

extension PhiloxGenerator {
    /// A number from 0 up to, not including, 1, each as likely.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A number of the beta distribution whose parameters are both α (Jöhnk 1964 below 1, else two gamma numbers).
    mutating func beta(_ alpha: Double) -> Double {
        if alpha < 1 {
            while true {
                // In logarithms, as small powers of u underflow.
                let first = log(1 - unit()) / alpha
                let second = log(1 - unit()) / alpha
                let greatest = max(first, second)
                let sum = greatest + log(exp(first - greatest) + exp(second - greatest))
                if sum <= 0 { return exp(first - sum) }
            }
        }
        let first = gamma(alpha)
        return first / (first + gamma(alpha))
    }

    /// A number of the gamma distribution with shape α at least 1 (Marsaglia and Tsang 2000).
    private mutating func gamma(_ alpha: Double) -> Double {
        let d = alpha - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let v = 1 + c * x
            guard v > 0 else { continue }
            let cube = v * v * v
            if log(1 - unit()) < 0.5 * x * x + d - d * cube + d * log(cube) { return d * cube }
        }
    }

    /// A number of the standard normal distribution (Box and Muller 1958).
    private mutating func normal() -> Double {
        (-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit())
    }
}
