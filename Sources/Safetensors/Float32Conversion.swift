/// Conversions of stored elements to Float32, over bytes that need not be aligned.
enum Float32Conversion {
    /// Copies little-endian Float32.
    static func copyFloat32(_ source: UnsafeRawBufferPointer, to target: UnsafeMutableBufferPointer<Float>) {
        #if _endian(little)
            UnsafeMutableRawBufferPointer(target).copyMemory(from: source)
        #else
            for index in target.indices {
                let bits = source.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
                target[index] = Float(bitPattern: UInt32(littleEndian: bits))
            }
        #endif
    }

    /// Widens bfloat16: the upper half of a Float32.
    static func widenBFloat16(_ source: UnsafeRawBufferPointer, to target: UnsafeMutableBufferPointer<Float>) {
        for index in target.indices {
            let bits = UInt16(littleEndian: source.loadUnaligned(fromByteOffset: index &* 2, as: UInt16.self))
            target[index] = Float(bitPattern: UInt32(bits) << 16)
        }
    }

    /// Widens IEEE 754 binary16.
    static func widenFloat16(_ source: UnsafeRawBufferPointer, to target: UnsafeMutableBufferPointer<Float>) {
        for index in target.indices {
            let bits = UInt16(littleEndian: source.loadUnaligned(fromByteOffset: index &* 2, as: UInt16.self))
            target[index] = widenFloat16(bits)
        }
    }

    /// Widens one binary16 without hardware support and without branches, so that the loop over it vectorises.
    ///
    /// Normal numbers move their exponent by 127 − 15; the exponent 31 (infinity, NaN) becomes 255; subnormals are their
    /// mantissa × 2⁻²⁴, which is exact and does not depend on the processor's treatment of subnormal Float32.
    @inline(__always)
    static func widenFloat16(_ bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let magnitude = UInt32(bits & 0x7FFF)
        let rebias: UInt32 = magnitude >= 0x7C00 ? (255 - 31) << 23 : (127 - 15) << 23
        let normal = (magnitude << 13) &+ rebias
        let subnormal = (Float(Int32(bitPattern: magnitude)) * 0x1p-24).bitPattern
        return Float(bitPattern: (magnitude < 0x0400 ? subnormal : normal) | sign)
    }
}
