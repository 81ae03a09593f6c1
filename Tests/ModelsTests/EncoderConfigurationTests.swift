import JSON
import Models
import Tensors
import Testing

struct EncoderConfigurationTests {
    private func read(_ text: String) throws -> EncoderConfiguration {
        try EncoderConfiguration(json: JSONValue(parsing: text))
    }

    @Test func `absent fields have the defaults of Transformers`() throws {
        let configuration = try read("{}")
        #expect(configuration.vocabularySize == 30_522 && configuration.hiddenSize == 768)
        #expect(configuration.layerCount == 12 && configuration.headCount == 12)
        #expect(configuration.intermediateSize == 3_072 && configuration.maximumPositions == 512)
        #expect(configuration.activation == .gelu && configuration.layerNormEpsilon == 1e-12)
        #expect(configuration.hiddenDropout == 0.1 && configuration.attentionDropout == 0.1)
        #expect(configuration.classifierDropout == nil && configuration.paddingToken == 0)
    }

    @Test func `written and read again, nothing is lost`() throws {
        let source = """
            {"hidden_size": 384, "hidden_act": "gelu_pytorch_tanh", "classifier_dropout": 0.25, "num_attention_heads": 6,
            "pad_token_id": null, "custom": {"kept": [1, 2]}, "id2label": {"1": "no", "0": "yes"}}
            """
        let configuration = try read(source)
        #expect(configuration.labels == ["yes", "no"] && configuration.paddingToken == nil)
        let written = configuration.json(head: .sequence(outputs: 3), labels: ["a", "b", "c"])
        #expect(written["custom"]?["kept"] == [1, 2])
        #expect(written["label2id"] == ["a": 0, "b": 1, "c": 2])
        #expect(written["architectures"] == ["BertForSequenceClassification"])
        var again = try EncoderConfiguration(json: written)
        #expect(again.labels == ["a", "b", "c"])
        again.labels = configuration.labels
        again.source = configuration.source
        #expect(again == configuration)
    }

    @Test(arguments: [
        (#"{"model_type": "gpt2"}"#, "model_type \"gpt2\""),
        (#"{"hidden_act": "swish"}"#, "hidden_act \"swish\""),
        (#"{"position_embedding_type": "relative_key"}"#, "position_embedding_type \"relative_key\""),
        (#"{"is_decoder": true}"#, "is_decoder"),
        (#"{"hidden_size": 100, "num_attention_heads": 12}"#, "not a multiple"),
        (#"{"hidden_size": "384"}"#, "hidden_size"),
        (#"{"num_hidden_layers": -1}"#, "num_hidden_layers"),
        (#"{"vocab_size": 1e30}"#, "vocab_size"),
        (#"{"hidden_dropout_prob": 1.5}"#, "hidden_dropout_prob"),
        (#"{"id2label": {"0": "a", "2": "b"}}"#, "id2label"),
        (#"{"id2label": {"zero": "a"}}"#, "id2label"),
    ])
    func `what is not supported or makes no sense is refused by name`(text: String, message: String) throws {
        let error = #expect(throws: (any Error).self) { _ = try read(text) }
        #expect("\(try #require(error))".contains(message))
    }

    @Test func `a directory without a configuration, or with a broken one, is refused`() throws {
        let directory = try ModelDirectory()
        #expect(throws: ModelError.self) { _ = try EncoderConfiguration(directory: directory.path) }
        try directory.write(config: "{\"hidden_size\": ")
        let error = #expect(throws: ModelError.self) { _ = try EncoderConfiguration(directory: directory.path) }
        #expect("\(try #require(error))".contains("config.json"))
    }
}
