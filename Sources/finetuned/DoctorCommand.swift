internal import Arguments
internal import Cryptography
internal import FineTuning
internal import Foundation
internal import HTTP
internal import POSIX
internal import SQLite
internal import Storage

/// `finetuned doctor`
struct DoctorCommand {
    private let data: String?
    private let assets: String?
    private let cores = ProcessInfo.processInfo.activeProcessorCount

    /// Below this little room is left for checkpoints; bytes.
    private static let comfortableBytes = 2 << 30

    static let declaration = Command(
        "doctor", "Looks over the machine and the installation: programs, libraries, memory, disk, speed.",
        details: "exit status: 0 all is well · 1 something is not, and its line says what to do",
        options: [
            Option("data", "DIR", "a data directory to look over too"),
            Option("assets", "DIR", "the folder that holds migrations/ and public/"),
        ])

    init(_ arguments: ParsedArguments) {
        data = arguments["data"]
        assets = arguments["assets"]
    }

    func run() async throws -> ExitStatus {
        var report = HealthReport()
        report.tell(.good, "finetuned", Release.version)
        await tellPrograms(&report)
        report.tell(
            .good, "libraries",
            "SQLite \(Connection.libraryVersion), \(Digest.libraryVersion), zlib \(Response.compressionVersion)")
        tellMemory(&report)
        if let data { tellDirectory(data, &report) }
        return report.isHealthy ? .success : .failure
    }

    private func tellPrograms(_ report: inout HealthReport) async {
        do {
            let installation = try Installation(assets: assets)
            report.tell(.good, "assets", "\(installation.migrations), \(installation.pages)")
            let worker = try await WorkerBenchmark(program: installation.worker, threads: cores)
            let isSame = worker.version == Release.version
            report.tell(
                isSame ? .good : .fault, "worker",
                "\(installation.worker) \(worker.version)"
                    + (isSame ? "" : ": it must be of the same version as finetuned; install both together"))
            report.tell(
                worker.isSandboxWhole ? .good : .notice, "sandbox",
                worker.sandbox
                    + (worker.isSandboxWhole
                        ? "" : ": workers could open any file of this user; a kernel with Landlock (5.13) prevents it"))
            report.tell(.good, "algebra", worker.library)
            let each = worker.rate / Double(cores)
            report.tell(
                .good, "speed",
                String(
                    format: "%.0f GFLOP/s of matrix products (sgemm) on %d cores, %.0f each", worker.rate, cores, each))
        } catch {
            report.tell(.fault, "programs", "\(error)")
        }
    }

    private func tellMemory(_ report: inout HealthReport) {
        let total = ProcessInfo.processInfo.physicalMemory
        let isSmall = total < 1 << 30
        report.tell(
            isSmall ? .notice : .good, "memory",
            Self.gigabytes(Int(total)) + (isSmall ? ": little for training; 2 GB and more are comfortable" : ""))
    }

    private func tellDirectory(_ path: String, _ report: inout HealthReport) {
        guard FileManager.default.fileExists(atPath: path) else {
            report.tell(.notice, "data", "\(path) is not there yet; the server creates it")
            return
        }
        do {
            let isServed = try FileLock.isHeld("\(path)/lock")
            let directory = try DataDirectory(path: path, exclusive: false)
            report.tell(.good, "data", "\(directory.path), \(isServed ? "in use by a server" : "not in use")")
            let free = try directory.freeBytes()
            let isLittle = free < Self.comfortableBytes
            report.tell(
                isLittle ? .notice : .good, "disk",
                "\(Self.gigabytes(free)) free" + (isLittle ? ": little for checkpoints; make room" : ""))
            let models = try directory.baseModels().map(\.name)
            report.tell(
                models.isEmpty ? .notice : .good, "models",
                models.isEmpty
                    ? "none; `finetuned pull SOURCE --data \(path)` fetches one" : models.joined(separator: ", "))
        } catch {
            report.tell(.fault, "data", "\(error)")
        }
    }

    private static func gigabytes(_ bytes: Int) -> String { String(format: "%.1f GB", Double(bytes) / 1e9) }
}
