/// What a parameter is to the task that a model is trained for.
public enum ParameterRole: String, Sendable, Hashable, CaseIterable {
    /// Part of the pretrained network.
    case trunk
    /// Part of the task's head, which a pretrained network does not have.
    case head
    /// Part of a low-rank adapter beside a layer of the trunk.
    case adapter
}
