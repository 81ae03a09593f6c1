/// How much a gzip file may unpack to, so that a small file cannot fill the machine.
struct GzipLimits: Equatable {
    /// The most bytes in all: 256 GiB.
    var size = 256 << 30
    /// The most bytes for each packed byte; texts seldom have more than 20, and deflate cannot go beyond 1032.
    var ratio = 200
    /// Up to here the ratio does not matter: 64 MiB.
    var allowance = 64 << 20
}
