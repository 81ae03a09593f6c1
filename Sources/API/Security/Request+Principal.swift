import HTTP
import POSIX
import Storage

extension Request {
    /// Who sends it, as the authentication found.
    var principal: Principal { context as? Principal ?? .anonymous(address: remoteAddress.host) }
}
