internal import Glibc

/// Append to a file that must not be there yet.
let openFlags = O_WRONLY | O_CREAT | O_EXCL | O_APPEND
/// Write over a file from its start.
let writeFlags = O_WRONLY | O_TRUNC
