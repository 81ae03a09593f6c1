import Testing

/// The programs as users meet them: real daemons and workers, a tiny random model, requests over loopback.
///
/// One after another, so that each has the machine to itself and its times mean something.
@Suite("End to end", .serialized, .timeLimit(.minutes(2)))
struct EndToEndTests {}
