internal import Foundation

/// How often the kernel killed a process for lack of memory, as far as this process can see.
///
/// Of a worker that was killed only signal 9 is known; that this counter rose in its time tells why.
enum OutOfMemoryKills {
    /// The count since the machine's start (proc(5), `/proc/vmstat`) and in this cgroup (cgroups(7), `memory.events`);
    /// 0 where the system does not say.
    static func count() -> Int {
        var total = value(of: "oom_kill", in: "/proc/vmstat")
        if let cgroup = ControlGroup.current { total += value(of: "oom_kill", in: "\(cgroup.path)/memory.events") }
        return total
    }

    private static func value(of name: String, in path: String) -> Int {
        // A system without the file is no fault: then nothing is known.
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return 0 }
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == name { return Int(words[1]) ?? 0 }
        }
        return 0
    }
}
