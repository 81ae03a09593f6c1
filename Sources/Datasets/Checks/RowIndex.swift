/// Finds the rows that say the same as an earlier one, by their keys: 8 bytes a row, and 8 to 16 of the table.
struct RowIndex {
    private var keys: [RowKey] = []
    /// Places in `keys`, plus 1; 0 is free. Its size is a power of two, and at most half of it is taken.
    private var table = [UInt32](repeating: 0, count: 1024)

    /// The first row of a key, from 0, or nil.
    func first(_ key: RowKey) -> Int? {
        let taken = Int(table[slot(key)])
        return taken == 0 ? nil : taken - 1
    }

    /// Adds the next row.
    ///
    /// - Returns: an earlier row of the same key, or nil.
    mutating func add(_ key: RowKey) -> Int? {
        let place = slot(key)
        let taken = Int(table[place])
        keys.append(key)
        guard taken == 0 else { return taken - 1 }
        table[place] = UInt32(keys.count)
        if keys.count * 2 > table.count { grow() }
        return nil
    }

    /// Where a key is, or would be.
    private func slot(_ key: RowKey) -> Int {
        var place = key.hash & (table.count - 1)
        while table[place] != 0, keys[Int(table[place]) - 1] != key { place = (place + 1) & (table.count - 1) }
        return place
    }

    private mutating func grow() {
        let old = table
        table = [UInt32](repeating: 0, count: old.count * 2)
        for taken in old where taken != 0 { table[slot(keys[Int(taken) - 1])] = taken }
    }
}
