#pragma once
#include "CKernels.h"
#include <string.h>

// One binary for all processors: the loader picks the variant that the processor has. The thread sanitizer's runtime
// is not up yet when the loader asks, so that a sanitized build has only the portable variant.
#if defined(__x86_64__) && !__has_feature(thread_sanitizer)
#define KERNEL __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define KERNEL
#endif

#define INLINE static inline __attribute__((always_inline))

// Lets the compiler reorder sums in the enclosing block, without which float reductions do not vectorise.
#define REDUCES _Pragma("clang fp reassociate(on) contract(fast)")

// exp(x), relative error below 2e-7; saturates outside [-87, 88]. NaN stays NaN.
// x = n ln 2 + r with |r| <= ln 2 / 2, a polynomial for exp(r), and n into the exponent. Adding 1.5 * 2^23 rounds to
// the nearest integer, which the low bits of the sum then hold.
INLINE float exp_approximation(float x) {
    x = x < -87.0f ? -87.0f : x;
    x = x > 88.0f ? 88.0f : x;
    float shifted = x * 1.44269504f + 12582912.0f;
    int32_t bits;
    memcpy(&bits, &shifted, 4);
    float n = shifted - 12582912.0f;
    float r = x - n * 0.693359375f;
    r = r + n * 2.12194440e-4f;
    float p = 1.3836837999e-3f;
    p = p * r + 8.3748220936e-3f;
    p = p * r + 4.1668226047e-2f;
    p = p * r + 1.6666420095e-1f;
    p = p * r + 0.49999992077f;
    p = p * r + 1.0000000363f;
    p = p * r + 1.0f;
    uint32_t exponent = ((uint32_t)bits << 23) + 0x3f800000u;
    float power;
    memcpy(&power, &exponent, 4);
    return p * power;
}

// tanh(x), relative error below 3e-7: an odd polynomial near 0, else 1 - 2 / (exp(2|x|) + 1).
INLINE float tanh_approximation(float x) {
    float t = __builtin_fabsf(x), s = x * x;
    float p = -5.6027403588e-3f;
    p = p * s + 2.0539938089e-2f;
    p = p * s + -5.3705320457e-2f;
    p = p * s + 1.3330932164e-1f;
    p = p * s + -3.3333252204e-1f;
    p = p * s + 0.99999999552f;
    float far = 1.0f - 2.0f / (exp_approximation(2.0f * t) + 1.0f);
    return t < 0.625f ? x * p : __builtin_copysignf(far, x);
}

// The standard normal distribution function and its density at x; relative error below 3e-7 also in the lower tail.
// For t >= 0: Phi(-t) = exp(-t^2 / 2) P(k) with k = 1 / (1 + t / 4); P is a minimax polynomial for t <= 14.
INLINE void normal_distribution(float x, float *cumulative, float *density) {
    float t = __builtin_fabsf(x);
    float k = 1.0f / (1.0f + 0.25f * t);
    float e = exp_approximation(-0.5f * x * x);
    float p = 3.3945837426e-2f;
    p = p * k + -0.19617268087f;
    p = p * k + 0.39499095184f;
    p = p * k + -0.33345591120f;
    p = p * k + 0.30447635874f;
    p = p * k + -2.0378738675e-2f;
    p = p * k + 0.12156621998f;
    p = p * k + 9.4820593495e-2f;
    p = p * k + 0.10022896037f;
    p = p * k + -2.1598299555e-5f;
    float tail = e * p;
    *cumulative = x > 0.0f ? 1.0f - tail : tail;
    *density = 0.3989422804f * e;
}

typedef float lanes __attribute__((ext_vector_type(16)));

// The largest of count >= 1 numbers. The compiler would not vectorise a maximum that must respect NaN; here a NaN is
// passed over and shows up in the sum of exponentials.
INLINE float largest(ptrdiff_t count, const float *x) {
    float top = x[0];
    ptrdiff_t i = 0;
    if (count >= 16) {
        lanes best, next;
        memcpy(&best, x, sizeof best);
        for (i = 16; i + 16 <= count; i += 16) {
            memcpy(&next, x + i, sizeof next);
            best = next > best ? next : best;
        }
        for (int lane = 0; lane < 16; lane++) top = best[lane] > top ? best[lane] : top;
    }
    for (; i < count; i++) top = x[i] > top ? x[i] : top;
    return top;
}
