/// What a model card says of a task.
public struct TaskCard: Sendable, Hashable {
    /// `pipeline_tag` of the hub.
    public var pipelineTag: String
    /// `library_name` of the hub: the library that loads the model.
    public var library: String
    /// What the model is, such as "Text classifier".
    public var title: String
    /// How it is loaded: a sentence in Markdown.
    public var usage: String
    /// What it learned: lines in Markdown.
    public var lines: [String]

    /// A card's part about the task.
    public init(pipelineTag: String, library: String, title: String, usage: String, lines: [String]) {
        self.pipelineTag = pipelineTag
        self.library = library
        self.title = title
        self.usage = usage
        self.lines = lines
    }

    /// Labels and names are anyone's text: nothing in them may end the line or act as Markdown.
    public static func plain(_ text: String) -> String {
        let safe = text.map { $0.isNewline ? " " : $0 == "`" ? "'" : $0 }
        return "`\(String(safe))`"
    }
}
