public import JSON

/// How far the probabilities of answers can be believed (Guo et al. 2017).
public struct Calibration: Sendable, Hashable, JSONRepresentable {
    /// Answers whose probability lies in one interval.
    public struct Bin: Sendable, Hashable, JSONRepresentable {
        /// The interval's upper bound; the lower one is that of the bin before, or 0.
        public var upTo: Double
        /// How many answers.
        public var count: Int
        /// Their mean probability; 0 without answers.
        public var confidence: Double
        /// The share of them that was right; 0 without answers.
        public var accuracy: Double

        /// A bin.
        public init(upTo: Double, count: Int, confidence: Double, accuracy: Double) {
            self.upTo = upTo
            self.count = count
            self.confidence = confidence
            self.accuracy = accuracy
        }

        /// Reads what ``json`` wrote.
        public init(_ cursor: JSONCursor) throws(JSONFault) {
            var fields = try cursor.fields()
            upTo = try fields.required("up_to").number()
            count = try fields.required("count").integer(in: 0...Int.max)
            confidence = try fields.required("confidence").number()
            accuracy = try fields.required("accuracy").number()
            try fields.finish()
        }

        /// The bin as JSON.
        public var json: JSONValue {
            [
                "up_to": JSONValue(upTo), "count": JSONValue(count), "confidence": JSONValue(confidence),
                "accuracy": JSONValue(accuracy),
            ]
        }
    }

    /// The bins in the order of probability.
    public var bins: [Bin]
    /// Dividing the logits by this makes the held-back loss least; 1 where nothing is to be gained.
    public var temperature: Double
    /// The expected calibration error at that temperature.
    public var scaledError: Double

    /// A calibration.
    public init(bins: [Bin], temperature: Double, scaledError: Double) {
        self.bins = bins
        self.temperature = temperature
        self.scaledError = scaledError
    }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        bins = try fields.required("bins").list()
        temperature = try fields.required("temperature").number()
        scaledError = try fields.required("scaled_ece").number()
        try fields.finish()
    }

    /// The calibration as JSON.
    public var json: JSONValue {
        [
            "bins": .array(bins.map(\.json)), "temperature": JSONValue(temperature),
            "scaled_ece": JSONValue(scaledError),
        ]
    }
}
