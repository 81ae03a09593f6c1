#include "kernel.h"

// The sum of squares, in double precision so that its value does not depend on the size of the whole.
KERNEL double ck_sum_of_squares(ptrdiff_t count, const float *x) {
    REDUCES
    double sum = 0.0;
    for (ptrdiff_t i = 0; i < count; i++) sum += (double)x[i] * (double)x[i];
    return sum;
}

// One AdamW update; see AdamW.swift. decay = 1 - lr lambda, step = lr / (1 - beta1^t), inverse_root_correction =
// 1 / sqrt(1 - beta2^t).
KERNEL void ck_adamw(ptrdiff_t count, float *restrict w, const float *restrict g, float *restrict m, float *restrict v,
                     float scale, float beta1, float beta2, float epsilon, float decay, float step,
                     float inverse_root_correction) {
    for (ptrdiff_t i = 0; i < count; i++) {
        float gradient = g[i] * scale;
        float first = beta1 * m[i] + (1.0f - beta1) * gradient;
        float second = beta2 * v[i] + (1.0f - beta2) * gradient * gradient;
        m[i] = first;
        v[i] = second;
        float root = __builtin_elementwise_sqrt(second) * inverse_root_correction + epsilon;
        w[i] = w[i] * decay - step * (first / root);
    }
}
