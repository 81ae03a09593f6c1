/// A block of an ``Arena``, for the tensors that share it.
///
/// The arena keeps the object when the last tensor is gone, and gives it another block: in the steady state of training
/// none is made or destroyed.
final class Storage {
    /// Keeps the mapping as long as a tensor is in it, also when the arena is gone.
    private let memory: ArenaMemory
    private(set) var block = 0..<0
    private(set) var base: UnsafeMutablePointer<Float>

    init(_ memory: ArenaMemory) {
        self.memory = memory
        base = memory.address(0)
    }

    func move(to block: Range<Int>) {
        self.block = block
        base = memory.address(block.lowerBound)
    }
}
