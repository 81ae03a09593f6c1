/// A rule that changes the trainable parameters of a ``ParameterStore`` by their gradients.
///
/// Every rule respects each parameter's ``Parameter/learningRateFactor`` and ``Parameter/decays`` as they are when
/// ``update(learningRate:gradientScale:on:)`` is called, and leaves parameters of factor 0 with their state untouched.
/// A rule made before ``ParameterStore/setTrainable(_:)`` is of no more use. An update is a function of weights,
/// gradients, ``state`` and ``updateCount``: what restores these goes on bit for bit.
public protocol Optimizer: AnyObject {
    /// Updates done so far. Setting it, to resume, also sets the counts of the single parameters; where ``state`` holds
    /// `updates`, read that afterwards.
    var updateCount: Int { get set }

    /// What an update reads and changes beside weights and gradients, for the resume file: tensors in the optimizer's
    /// own memory, to be written out or filled in. Names are `MOMENT.PARAMETER` with the full name of the parameter, and
    /// `updates`, which files of older versions lack.
    var state: [StateTensor] { get }

    /// Updates every trainable parameter that does not rest from its gradient.
    ///
    /// - Parameters:
    ///   - learningRate: of this step; times each parameter's factor.
    ///   - gradientScale: factor on every gradient before use (clipping, averaging over micro-batches).
    ///   - pool: the threads to use.
    func update(learningRate: Float, gradientScale: Float, on pool: ThreadPool)
}
