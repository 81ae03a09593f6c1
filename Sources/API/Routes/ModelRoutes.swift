import FineTuning
import HTTP
import JSON
import RunDirectory
import Scheduling
import Storage

/// Models and what they answer.
extension API {
    var modelEndpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/models", .read, listModels),
            Endpoint(.get, "/v1/models/{model}", .read, getModel),
            Endpoint(.delete, "/v1/models/{model}", .admin, audit: .modelDelete, deleteModel),
            Endpoint(.get, "/v1/models/{model}/card", .read, modelCard),
            Endpoint(.post, "/v1/predictions", .read, predict),
            Endpoint(.post, "/v1/embeddings", .read, embed),
        ]
    }

    /// Texts that one request may ask about.
    private static let mostInputs = 1000

    private func models() async throws -> [ModelObject] {
        let base = try database.models.base().map { ModelObject.base($0) }
        return try await base
            + database.models.fineTuned().map { ModelObject.fineTuned($0, owner: configuration.organization) }
    }

    private func listModels(_ request: Request) async throws -> Response {
        .json(["object": "list", "data": .array(try await models().map(\.json))])
    }

    /// The model that the path names.
    private func model(of request: Request) async throws -> ModelObject {
        let name = request.parameters["model"] ?? ""
        if let base = try database.models.base(name) { return .base(base) }
        if let model = try await database.models.fineTuned(name) {
            return .fineTuned(model, owner: configuration.organization)
        }
        throw try await unknownModel(name, status: .notFound, param: "model")
    }

    private func unknownModel(_ name: String, status: Status, param: String) async throws -> APIError {
        let names = try await models().map(\.id)
        let shown = String(name.prefix(200))
        let hint: String
        if names.isEmpty {
            hint = "there is none yet: get one with finetuned pull"
        } else if let nearest = shown.nearest(among: names) ?? Self.lastPart(shown).nearest(among: names) {
            hint = "did you mean \"\(nearest)\"?"
        } else {
            hint = "GET /v1/models lists them, for example \"\(names[0])\""
        }
        return APIError(status, code: "model_not_found", param: param, "no model \"\(shown)\"; \(hint)")
    }

    /// A hub's name without its organization, as a model may be called here.
    private static func lastPart(_ name: String) -> String { String(name.split(separator: "/").last ?? "") }

    /// Where the files of a model lie.
    ///
    /// - Throws: a refusal about `param` that names the nearest model there is.
    func modelDirectory(_ name: String, param: String, status: Status = .badRequest) async throws -> String {
        do {
            return try await database.models.directory(name)
        } catch StorageError.notFound {
            throw try await unknownModel(name, status: status, param: param)
        }
    }

    private func getModel(_ request: Request) async throws -> Response {
        .json(try await model(of: request).json)
    }

    private func deleteModel(_ request: Request) async throws -> Response {
        let model = try await model(of: request)
        guard model.kind == .fineTuned else {
            throw APIError.invalid(
                "model", code: "base_model",
                "\"\(model.id)\" is a base model; only fine-tuned ones can be deleted here")
        }
        let directory = try await database.models.directory(model.id)
        try await database.models.delete(model.id, by: request.principal)
        await answerer.unload(modelDirectory: directory)
        return .json(DeletedObject(id: model.id, object: "model").json)
    }

    private func modelCard(_ request: Request) async throws -> Response {
        let model = try await model(of: request)
        let card = try await answerer.card(
            modelDirectory: try await modelDirectory(model.id, param: "model", status: .notFound))
        var object: JSONObject = ["object": "model.card", "id": .string(model.id)]
        for member in card.object?.members ?? [] where object[member.name] == nil {
            object[member.name] = member.value
        }
        return .json(.object(object))
    }

    private func embed(_ request: Request) async throws -> Response {
        let asked = try EmbeddingsRequest(try await JSONBody.read(request).value)
        if let model = try await database.models.fineTuned(asked.model), model.task != .textEmbedding {
            throw APIError.invalid(
                "model", code: "wrong_task",
                "\"\(model.name)\" was trained for \(model.task.rawValue), not for vectors; ask POST /v1/predictions")
        }
        let directory = try await modelDirectory(asked.model, param: "model", status: .notFound)
        let vectors = try await answerer.embed(modelDirectory: directory, texts: asked.texts)
        return .json(EmbeddingsObject(model: asked.model, vectors: vectors, format: asked.format).json)
    }

    private func predict(_ request: Request) async throws -> Response {
        var fields = try JSONCursor(try await JSONBody.read(request).value).fields()
        let name = try fields.required("model").string()
        let inputs = try Self.inputs(fields.required("input"))
        try fields.finish()
        let directory = try await modelDirectory(name, param: "model", status: .notFound)
        let predictions = try await answerer.predict(modelDirectory: directory, inputs: inputs)
        let data = predictions.enumerated().map { PredictionObject(index: $0, prediction: $1).json }
        return .json(["object": "list", "model": .string(name), "data": .array(data)])
    }

    private static func inputs(_ cursor: JSONCursor) throws -> [PredictionInput] {
        guard let array = cursor.value.array else { return [try PredictionInput(cursor)] }
        guard (1...mostInputs).contains(array.count) else {
            throw cursor.fault("expected 1 to \(mostInputs) texts, got \(array.count)")
        }
        return try cursor.elements().map { try PredictionInput($0) }
    }
}
