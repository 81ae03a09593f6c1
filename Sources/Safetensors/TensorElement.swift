/// The element types that a safetensors header may name, spelled as the format spells them.
///
/// The list is the one of the Python package `safetensors` 0.8; only F32, F16 and BF16 can be read as Float32.
public enum TensorElement: String, Sendable, CaseIterable {
    case bool = "BOOL"
    case float4 = "F4"
    case float6E2M3 = "F6_E2M3"
    case float6E3M2 = "F6_E3M2"
    case unsigned8 = "U8"
    case integer8 = "I8"
    case float8E5M2 = "F8_E5M2"
    case float8E4M3 = "F8_E4M3"
    case float8E8M0 = "F8_E8M0"
    case float8E4M3FNUZ = "F8_E4M3FNUZ"
    case float8E5M2FNUZ = "F8_E5M2FNUZ"
    case integer16 = "I16"
    case unsigned16 = "U16"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case integer32 = "I32"
    case unsigned32 = "U32"
    case float32 = "F32"
    case complex64 = "C64"
    case float64 = "F64"
    case integer64 = "I64"
    case unsigned64 = "U64"

    /// The size of one element in bits (the 4 and 6 bit types are packed).
    public var bitCount: Int {
        switch self {
        case .float4: 4
        case .float6E2M3, .float6E3M2: 6
        case .bool, .unsigned8, .integer8: 8
        case .float8E5M2, .float8E4M3, .float8E8M0, .float8E4M3FNUZ, .float8E5M2FNUZ: 8
        case .integer16, .unsigned16, .float16, .bfloat16: 16
        case .integer32, .unsigned32, .float32: 32
        case .complex64, .float64, .integer64, .unsigned64: 64
        }
    }

    /// Whether ``SafetensorsFile/read(_:into:)`` can convert elements of this type to Float32.
    public var isReadableAsFloat32: Bool {
        switch self {
        case .float32, .float16, .bfloat16: true
        default: false
        }
    }
}
