import Glibc
import POSIX

/// A program for tests of ``Confinement``: confines itself to one directory to read and one to write, then tries what its
/// further arguments say, `what:argument`, and prints the outcome of each.
@main
struct Main {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            let memory = arguments.contains { $0.hasPrefix("allocate:") } ? 256 << 20 : nil
            let confinement = Confinement(
                readablePaths: [arguments[0], "/nowhere"], writablePaths: [arguments[1]], memoryBytes: memory)
            _ = try confinement.begin()
        } catch {
            print("confine \(error)")
            exit(1)
        }
        for attempt in arguments.dropFirst(2) {
            let colon = attempt.firstIndex(of: ":") ?? attempt.endIndex
            let (what, argument) = (String(attempt[..<colon]), String(attempt[colon...].dropFirst()))
            errno = 0
            let isDone = done(what, argument)
            print("\(what) \(isDone ? "done" : name(errno))")
        }
    }

    private static func done(_ what: String, _ argument: String) -> Bool {
        switch what {
        case "read": isOpened(open(argument, O_RDONLY))
        case "list": opendir(argument).map { closedir($0) == 0 } ?? false
        case "write": isOpened(open(argument, O_WRONLY | O_CREAT, 0o600))
        case "cut": truncate(argument, 0) == 0
        case "folder": mkdir(argument, 0o700) == 0
        case "rename": rename(argument, argument + ".new") == 0
        case "remove": unlink(argument) == 0
        case "link": symlink("/etc/passwd", argument) == 0
        case "pipe": mkfifo(argument, 0o600) == 0
        case "connect": isConnected(port: UInt16(argument) ?? 0)
        // Returns only where it fails.
        case "execute": execv(argument, CommandLine.unsafeArgv) == 0
        case "signal": kill(Int32(argument) ?? 0, 0) == 0
        case "dump": hasCoreDump
        case "allocate": malloc((Int(argument) ?? 0) << 20) != nil
        default: false
        }
    }

    private static func isOpened(_ raw: Int32) -> Bool { raw >= 0 && close(raw) == 0 }

    private static func isConnected(port: UInt16) -> Bool {
        do throws(SystemCallError) {
            _ = try Socket.connected(to: .loopback(port: port))
            return true
        } catch {
            errno = error.code
            return false
        }
    }

    private static var hasCoreDump: Bool {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 && limit.rlim_max > 0
    }

    private static func name(_ code: Int32) -> String {
        switch code {
        case EACCES: "EACCES"
        case EPERM: "EPERM"
        case ENOMEM: "ENOMEM"
        default: "errno \(code)"
        }
    }
}
