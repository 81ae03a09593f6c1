/// What this release of the project is called; daemon and worker belong together.
public enum Release {
    /// The version.
    public static let version = "0.1.0"
}
