import FineTuning
import Foundation
import RunDirectory
import Testing

@testable import Scheduling

@Suite("The memory gauge")
final class MemoryGaugeTests {
    private let path = NSTemporaryDirectory() + "memory-gauge-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    private func gauge(_ files: [String: String]) throws -> MemoryGauge {
        for (name, text) in files { try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8) }
        return MemoryGauge(meminfoPath: "\(path)/meminfo", groupPath: path)
    }

    private static let meminfo = "MemTotal:        8000 kB\nMemFree:  1 kB\nMemAvailable:    3000 kB\n"

    @Test("reads the machine's memory where the group has no limit")
    func machine() throws {
        let gauge = try gauge(["meminfo": Self.meminfo, "memory.max": "max\n", "memory.current": "5\n"])
        #expect(gauge.total() == 8000 << 10)
        #expect(gauge.available() == 3000 << 10)
    }

    @Test("takes the group's limit where that is less")
    func group() throws {
        let gauge = try gauge(["meminfo": Self.meminfo, "memory.max": "1000000\n", "memory.current": "400000\n"])
        #expect(gauge.total() == 1_000_000)
        #expect(gauge.available() == 600_000)
    }

    @Test("counts the group's cached files as free, which only lie there until memory is needed")
    func cache() throws {
        let gauge = try gauge([
            "meminfo": Self.meminfo, "memory.max": "1000000\n", "memory.current": "990000\n",
            "memory.stat": "anon 90000\nfile 900000\ninactive_anon 1\nactive_file 300000\ninactive_file 600000\n",
        ])
        #expect(gauge.available() == 910_000)
    }

    @Test("knows nothing where the system does not say")
    func unknown() {
        let gauge = MemoryGauge(meminfoPath: "\(path)/none", groupPath: nil)
        #expect(gauge.total() == nil)
        #expect(gauge.available() == nil)
    }

    @Test("holds small batches of small models for little, and neither large batches nor large models")
    func little() throws {
        let gauge = try gauge(["meminfo": Self.meminfo])
        let small = recipe(batchSize: 16)
        #expect(try !gauge.mayBeMuch(small, of: 1 << 30))
        #expect(try gauge.mayBeMuch(recipe(batchSize: 1024), of: 1 << 30))
        try Data(count: 1000).write(to: URL(fileURLWithPath: "\(path)/model.safetensors"))
        #expect(try gauge.mayBeMuch(small, of: 19_000))
        #expect(try !gauge.mayBeMuch(small, of: 21_000))
    }

    private func recipe(batchSize: Int) -> RunRecipe {
        var recipe = Recipe(model: "m", seed: 1)
        recipe.hyperparameters.batchSize = batchSize
        return RunRecipe(
            jobID: "j", attempt: 1, recipe: recipe, modelDirectory: path,
            trainingFile: DataFile(path: "/t", name: "t"), validationFile: nil)
    }

    @Test("finds the control group of version 2 among others, and none without one")
    func membership() {
        #expect(ControlGroup(membership: "4:memory:/x\n0::/user.slice/a\n")?.path == "/sys/fs/cgroup/user.slice/a")
        #expect(ControlGroup(membership: "0::/\n")?.path == "/sys/fs/cgroup")
        #expect(ControlGroup(membership: "4:memory:/x\n") == nil)
    }
}
