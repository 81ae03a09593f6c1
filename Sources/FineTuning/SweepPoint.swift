public import JSON

/// One setting of a sweep: the values that it varies, and the recipe that they make.
public struct SweepPoint: Sendable, Hashable {
    /// Values by path.
    public var parameters: JSONObject
    /// The recipe, with every default filled in.
    public var recipe: Recipe

    /// A setting.
    public init(parameters: JSONObject, recipe: Recipe) {
        self.parameters = parameters
        self.recipe = recipe
    }
}
