import FineTuning
import HTTP
import RunDirectory
import Scheduling
import Storage

/// Files: upload, list, get, delete, content, validate, preview.
extension API {
    var fileEndpoints: [Endpoint] {
        [
            Endpoint(.post, "/v1/files", .submit, audit: .fileCreate, uploadFile),
            Endpoint(.get, "/v1/files", .read, listFiles),
            Endpoint(.get, "/v1/files/{file_id}", .read, getFile),
            Endpoint(.delete, "/v1/files/{file_id}", .submit, audit: .fileDelete, deleteFile),
            Endpoint(.get, "/v1/files/{file_id}/content", .read, audit: .fileDownload, fileContent),
            Endpoint(.post, "/v1/files/{file_id}/validate", .read, validateFile),
            Endpoint(.get, "/v1/files/{file_id}/preview", .read, previewFile),
        ]
    }

    /// The file that the path names.
    private func file(of request: Request) async throws -> StoredFile {
        let id = request.parameters["file_id"] ?? ""
        do {
            return try await database.files.file(id)
        } catch StorageError.notFound {
            throw APIError.missing("file", id, param: "file_id")
        }
    }

    /// Where a data file lies that a request names in a field.
    ///
    /// - Throws: 400 about the field where there is none.
    func dataFile(_ id: String, param: String) async throws -> DataFile {
        do {
            return dataFile(try await database.files.file(id))
        } catch StorageError.notFound {
            throw APIError.invalid(
                param, code: "file_not_found", "no file \"\(id.prefix(80))\"; upload it with POST /v1/files first")
        }
    }

    private func dataFile(_ file: StoredFile) -> DataFile {
        DataFile(path: database.files.path(file.id), name: file.filename)
    }

    private func uploadFile(_ request: Request) async throws -> Response {
        let most = configuration.maximumFileBytes
        let reader = try MultipartReader(request)
        try requireFreeDisk(min(request.body.declaredLength ?? 0, most))
        let room = try await database.files.room(of: request.principal)
        var form = UploadForm()
        var incoming: IncomingFile?
        while let part = try await reader.nextPart() {
            guard part.name == "file" else {
                let value = try await reader.collect(upTo: 4096)
                try form.add(part.name, String(decoding: value, as: UTF8.self))
                continue
            }
            guard incoming == nil else { throw APIError.invalid("file", "the form holds two files; send one") }
            form.filename = part.filename
            let file = try IncomingFile(path: database.directory.temporaryPath())
            incoming = file
            while let piece = try await reader.next() {
                if file.bytes + piece.count > most {
                    throw APIError(
                        .contentTooLarge, code: "file_too_large", param: "file", "a file may have \(most) bytes")
                }
                // Not only at the end: a client must not fill the disk with what it cannot keep.
                if let room, file.bytes + piece.count > room.left { throw StorageError.quotaExceeded(room.excess) }
                if try file.append(piece) { try requireFreeDisk(0) }
            }
        }
        guard let incoming else {
            throw APIError.invalid("file", code: "missing_field", "the form has no part \"file\"")
        }
        return .json(FileObject(file: try await keep(incoming, form, request.principal)).json)
    }

    /// Gives a file that came in whole its name and its row.
    private func keep(
        _ incoming: IncomingFile, _ form: UploadForm, _ principal: Principal
    ) async throws -> StoredFile {
        if incoming.bytes == 0 { throw APIError.invalid("file", code: "empty_file", "the file is empty") }
        let createdAt = now()
        let file = StoredFile(
            bytes: incoming.bytes, createdAt: createdAt, expiresAt: try form.expiry(createdAt: createdAt),
            filename: form.displayName, purpose: try form.purpose(), sha256: incoming.digest())
        try await database.files.add(file, movingFrom: incoming.path, by: principal)
        return file
    }

    private func listFiles(_ request: Request) async throws -> Response {
        let asked = try PageRequest(request.query, limit: 10_000, most: 10_000)
        let order: FileStore.Order = try request.query.choice("order") ?? .descending
        let purpose: StoredFile.Purpose? = try request.query.choice("purpose")
        let page = try await asked.checked {
            try await database.files.page(
                after: asked.after, limit: asked.limit, order: order, purpose: purpose)
        }
        return .json(ListObject(page) { FileObject(file: $0).json }.json)
    }

    private func getFile(_ request: Request) async throws -> Response {
        .json(FileObject(file: try await file(of: request)).json)
    }

    private func deleteFile(_ request: Request) async throws -> Response {
        let file = try await file(of: request)
        try await database.files.delete(file.id, by: request.principal)
        return .json(DeletedObject(id: file.id, object: "file").json)
    }

    private func fileContent(_ request: Request) async throws -> Response {
        let file = try await file(of: request)
        let segment = FileBody.Segment.file(
            path: database.files.path(file.id), offset: 0, length: file.bytes)
        return .file(
            FileBody(
                segments: [segment], contentType: "application/octet-stream", entityTag: file.sha256,
                filename: file.filename))
    }

    private func validateFile(_ request: Request) async throws -> Response {
        try await JSONBody.readNothing(request)
        let file = try await file(of: request)
        let (task, data) = try DataQuery(request.query).parts()
        let model = try request.query.nonEmpty("model")
        var directory: String?
        if let model { directory = try await modelDirectory(model, param: "model") }
        let report = try await answerer.check(
            training: dataFile(file), validation: nil, task: task, data: data, modelDirectory: directory)
        return .json(FileValidationObject(fileID: file.id, report: report).json)
    }

    private func previewFile(_ request: Request) async throws -> Response {
        let file = try await file(of: request)
        let (task, data) = try DataQuery(request.query).parts()
        let report = try await answerer.check(
            training: dataFile(file), validation: nil, task: task, data: data, modelDirectory: nil)
        return .json(FilePreviewObject(fileID: file.id, report: report).json)
    }
}
