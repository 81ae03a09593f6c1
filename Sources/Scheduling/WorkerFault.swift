/// How a worker process failed to answer a request; after each the process is of no more use.
enum WorkerFault: Error {
    /// It closed a pipe, or died, before it answered. `tookRequest`: whether all of the request was in its pipe by then.
    case ended(tookRequest: Bool)
    /// It answered with something that is no reply, and why it is none.
    case garbage(String)
    /// It answered with a line of more bytes than these.
    case tooLong(Int)
    /// It took longer than this.
    case timedOut(Duration)
}
