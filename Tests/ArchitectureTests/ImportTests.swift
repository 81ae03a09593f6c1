import Testing

@Suite("The architecture")
struct ImportTests {
    @Test("has no import that is not in the table")
    func imports() throws {
        let imports = try SourceTree.imports()
        #expect(imports.count > 100)
        for entry in imports where !ImportTable.toolchain.contains(entry.imported) {
            let allowed = ImportTable.allowed[entry.module] ?? []
            #expect(allowed.contains(entry.imported), "\(entry.file) imports \(entry.imported)")
        }
    }

    @Test("has an entry in the table for every module, and no other")
    func modules() throws {
        let modules = Set(try SourceTree.swiftFiles(below: "Sources").map { String($0.path.split(separator: "/")[1]) })
        #expect(modules == Set(ImportTable.allowed.keys))
    }

    @Test("keeps the daemon's side and the worker's apart but for the contract")
    func sides() {
        for (module, imported) in ImportTable.allowed {
            if ImportTable.daemonSide.contains(module) {
                #expect(imported.isDisjoint(with: ImportTable.workerSide), "\(module)")
            } else if module != "Benchmarks" {
                #expect(imported.isDisjoint(with: ImportTable.daemonSide), "\(module)")
            }
        }
    }

    @Test("has no circle of imports")
    func circles() {
        var remaining = ImportTable.allowed.mapValues { $0.subtracting(ImportTable.systemLibraries) }
        while let free = remaining.first(where: { $0.value.isEmpty })?.key {
            remaining[free] = nil
            remaining = remaining.mapValues { $0.subtracting([free]) }
        }
        #expect(remaining.isEmpty, "\(remaining.keys.sorted())")
    }
}
