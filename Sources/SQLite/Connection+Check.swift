extension Connection {
    /// Looks the whole file over for damage (`PRAGMA quick_check` and `foreign_key_check`).
    ///
    /// - Returns: the faults found; none for a sound file.
    /// - Complexity: O(size of the file).
    public func faults() throws -> [String] {
        let damage = try query("PRAGMA quick_check(20)") { row -> String in try row[0] }
        if damage != ["ok"] { return damage }
        return try query("PRAGMA foreign_key_check") { row -> String in
            let (table, parent): (String, String) = (try row["table"], try row["parent"])
            return "a row of \(table) names a missing row of \(parent)"
        }
    }
}
