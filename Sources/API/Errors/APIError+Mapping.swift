import FineTuning
import HTTP
import JSON
import POSIX
import Storage

/// The one table from the errors of the other modules to answers.
extension APIError {
    /// What a client is told about an error; what it must not know (paths, statements) stays here.
    init(_ error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as HTTPError: self.init(http: error)
        case let error as JSONFault:
            self.init(
                .badRequest, code: error.kind.rawValue, param: error.path.isEmpty ? nil : error.path,
                error.description)
        case let error as JobError: self.init(job: error)
        case let error as StorageError: self.init(storage: error)
        case let error as SystemCallError where error.isDiskFull: self = .diskFull
        case let error as SystemCallError where error.isOutOfDescriptors:
            self.init(
                .serviceUnavailable, code: "too_many_open_files",
                "the server has too many files and connections open; try again in a moment",
                headers: ["Retry-After": "2"])
        case let error where DatabaseTrouble(error) == .diskFull: self = .diskFull
        case let error where DatabaseTrouble(error) == .busy:
            self.init(
                .serviceUnavailable, code: "database_busy",
                "another process holds the database; try again in a moment", headers: ["Retry-After": "2"])
        default:
            self.init(
                .internalServerError, code: "internal_error",
                "a fault of the server; its log tells more under this answer's x-request-id")
        }
    }

    private static let diskFull = APIError(
        .insufficientStorage, code: "disk_full", "the disk is full; delete files, models or checkpoints")

    private init(http error: HTTPError) {
        let code: String? =
            switch error.status.code {
            case 404: "unknown_url"
            case 405: "method_not_allowed"
            case 408: "request_timeout"
            case 413: "content_too_large"
            case 415: "unsupported_content_type"
            case 416: "range_not_satisfiable"
            case 431: "header_too_large"
            case 501: "method_not_implemented"
            default: error.status.code < 500 ? "bad_request" : "internal_error"
            }
        self.init(error.status, code: code, error.message, headers: error.headers)
    }

    /// What a store refused. "In use" and "not possible" are 400: clients repeat a 409, which would not help.
    private init(storage error: StorageError) {
        switch error {
        case .notFound(let kind, _):
            self.init(.notFound, code: "\(kind.rawValue.replacing(" ", with: "_"))_not_found", error.description)
        case .fileInUse: self.init(.badRequest, code: "file_in_use", error.description)
        case .modelInUse: self.init(.badRequest, code: "model_in_use", error.description)
        case .ambiguousToken: self.init(.badRequest, code: "ambiguous_token", error.description)
        case .notPossible, .stillPausing: self.init(.badRequest, code: "invalid_state", error.description)
        case .idempotencyMismatch:
            self.init(
                .unprocessableContent, code: "idempotency_key_reused", param: "Idempotency-Key", error.description)
        case .quotaExceeded(let excess): self = .quotaExceeded(excess)
        case .locked, .unusableDirectory, .damaged:
            self.init(.internalServerError, code: "internal_error", "the server's data directory cannot be used")
        }
    }

    /// What a worker said about a request's file, model or recipe.
    private init(job error: JobError) {
        let status: Status =
            switch error.code {
            case .invalidTrainingFile, .invalidModel, .invalidRecipe, .diverged: .badRequest
            case .diskFull: .insufficientStorage
            case .outOfMemory, .busy: .serviceUnavailable
            case .workerDied, .internalError: .internalServerError
            }
        let headers: Headers = error.code == .busy ? ["Retry-After": "5"] : [:]
        self.init(status, code: error.code.rawValue, param: error.param, error.message, headers: headers)
    }
}

extension SystemCallError {
    /// Whether it is for want of space on the disk, or of the user's share of it.
    var isDiskFull: Bool { code == 28 || code == 122 }

    /// Whether the process or the system has no descriptor left.
    var isOutOfDescriptors: Bool { code == 24 || code == 23 }
}
