internal import Arguments
internal import Storage

/// The options that name a data directory, on which a command works beside a running server.
enum DataOptions {
    /// The options.
    static let declared = [
        Option("data", "DIR", "the server's data directory", isRequired: true),
        Option("assets", "DIR", "the folder that holds migrations/ and public/"),
    ]

    /// The data directory of a server that ran before, to be read, and where the migrations lie.
    ///
    /// - Throws: ``CommandError/noDatabase(data:)``
    static func directory(_ arguments: ParsedArguments) throws -> (directory: DataDirectory, migrations: String) {
        (
            try DataDirectory(servedAs: arguments.required("data")),
            try Installation(assets: arguments["assets"]).migrations
        )
    }

    /// The database of a server that ran before: what is listed or revoked in a mistyped directory, which would be made
    /// then, seems to be gone.
    ///
    /// - Throws: ``CommandError/noDatabase(data:)``
    static func existing(_ arguments: ParsedArguments) async throws -> Database {
        _ = try DataDirectory(servedAs: arguments.required("data"))
        return try await database(arguments)
    }

    /// The same, made where it is missing.
    static func database(_ arguments: ParsedArguments) async throws -> Database {
        let path = try arguments.required("data")
        let migrations = try Installation(assets: arguments["assets"]).migrations
        return try await Database(directory: DataDirectory(path: path, exclusive: false), migrations: migrations)
    }
}
