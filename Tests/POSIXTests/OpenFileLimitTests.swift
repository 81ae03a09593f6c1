import Glibc
import POSIX
import Testing

struct OpenFileLimitTests {
    @Test func `the limit is raised as far as it goes`() {
        let raised = OpenFileLimit.raise()
        var limit = rlimit()
        #expect(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
        #expect(limit.rlim_cur == limit.rlim_max)
        #expect(raised == Int(clamping: limit.rlim_max))
    }
}
