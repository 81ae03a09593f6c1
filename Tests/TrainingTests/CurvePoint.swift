import FineTuning

/// What of a step's measurements must be the same whenever it is done.
struct CurvePoint: Hashable {
    let step: Int
    let loss: Double
    let accuracy: Double?
    let rate: Double
    let norm: Double
    let tokens: Int

    init(_ point: MetricPoint) {
        step = point.step
        loss = point.trainLoss
        accuracy = point.trainAccuracy
        rate = point.learningRate
        norm = point.gradientNorm
        tokens = point.tokens
    }
}
