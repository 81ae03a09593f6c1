import Arguments
import Testing

struct ByteCountTests {
    @Test(arguments: [
        ("0", 0), ("1048576", 1_048_576), ("500MB", 500_000_000), ("2 GiB", 2 << 30), ("1gb", 1_000_000_000),
        ("7B", 7), ("3kb", 3000), ("1KiB", 1024), ("8TB", 8_000_000_000_000),
    ])
    func `a number of bytes is read with and without a unit`(text: String, bytes: Int) {
        #expect(ByteCount.parse(text) == bytes)
    }

    @Test(arguments: ["", "GB", "-1", "1.5GB", "1 XB", "9999999999TB", "99999999999999999999", "1 G B", "١MB"])
    func `what is no number of bytes is none`(text: String) {
        #expect(ByteCount.parse(text) == nil)
    }

    @Test(arguments: [
        (0, "0B"), (1, "1B"), (1000, "1kB"), (1_500_000, "1500kB"), (2_000_000_000, "2GB"), (1024, "1024B"),
    ])
    func `a number of bytes is written exactly`(bytes: Int, text: String) {
        #expect(ByteCount.format(bytes) == text)
        #expect(ByteCount.parse(text) == bytes)
    }
}
