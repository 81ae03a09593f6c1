import Foundation

/// A Python interpreter that has torch, transformers and peft.
enum ReferencePython {
    /// Where it is; nil where nobody named one.
    static let path = ProcessInfo.processInfo.environment["FINETUNED_REFERENCE_PYTHON"]
}
