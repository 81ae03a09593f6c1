// A closure that does not escape is two pointers, good for as long as the call that it was passed to. Swift lets no other
// thread see it without a copy of its context on the heap; these two functions do.

#include "CKernels.h"

#define SWIFT __attribute__((swiftcall))

// Declared in Swift (ThreadPool.swift) as `(_ body: (Int, Int) -> Void, _ pointers: UnsafeMutablePointer<ck_loop_body>)`.
SWIFT void ck_take_loop_body(const void *code, const void *context, ck_loop_body *pointers) {
    *pointers = (ck_loop_body){code, context};
}

void ck_call(ck_loop_body body, ptrdiff_t task, ptrdiff_t worker) {
    typedef SWIFT void (*function)(ptrdiff_t, ptrdiff_t, __attribute__((swift_context)) const void *);
    ((function)body.code)(task, worker, body.context);
}
