extension Connection {
    /// How closely a file is looked over (sqlite.org/pragma.html).
    public enum CheckDepth: String, Sendable {
        /// Its structure, and the values of each row for themselves.
        case quick = "quick_check"
        /// Also each index against its table.
        case full = "integrity_check"
    }

    /// Looks the whole file over for damage, and for rows that name missing ones (`PRAGMA foreign_key_check`).
    ///
    /// Pages have no checksums: a changed value that is still one of its kind is not seen.
    /// - Returns: the faults found; none for a sound file.
    /// - Complexity: O(size of the file).
    public func faults(_ depth: CheckDepth = .quick) throws -> [String] {
        let damage = try query("PRAGMA \(depth.rawValue)(20)") { row -> String in try row[0] }
        if damage != ["ok"] { return damage }
        return try query("PRAGMA foreign_key_check") { row -> String in
            let (table, parent): (String, String) = (try row["table"], try row["parent"])
            return "a row of \(table) names a missing row of \(parent)"
        }
    }
}
