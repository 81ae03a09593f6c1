#include "kernel.h"
#include <math.h>

// s <- softmax(scale s) * factors row by row; logsum <- log of the sum of exp(scale s). factors may be null.
KERNEL void ck_softmax(ptrdiff_t rows, ptrdiff_t columns, float *restrict s, float scale,
                       const float *restrict factors, float *restrict logsum) {
    for (ptrdiff_t r = 0; r < rows; r++, s += columns) {
        float top = largest(columns, s);
        float sum = 0.0f;
        {
            REDUCES
            for (ptrdiff_t c = 0; c < columns; c++) {
                float e = exp_approximation(scale * (s[c] - top));
                s[c] = e;
                sum += e;
            }
        }
        float inverse = 1.0f / sum;
        logsum[r] = scale * top + logf(sum);
        if (factors) {
            for (ptrdiff_t c = 0; c < columns; c++) s[c] *= inverse * factors[c];
            factors += columns;
        } else {
            for (ptrdiff_t c = 0; c < columns; c++) s[c] *= inverse;
        }
    }
}

// With p = exp(scale s - logsum), the softmax of scale s, and dot[r] = sum over c of p g factors:
// g, the gradient of p * factors, becomes that of s in place: scale p (g factors - dot); s becomes p * factors.
KERNEL void ck_softmax_backward(ptrdiff_t rows, ptrdiff_t columns, float *restrict s, float scale,
                                const float *restrict logsum, const float *restrict dot,
                                const float *restrict factors, float *restrict g) {
    for (ptrdiff_t r = 0; r < rows; r++, s += columns, g += columns) {
        float l = logsum[r], d = dot[r];
        if (factors) {
            for (ptrdiff_t c = 0; c < columns; c++) {
                float p = exp_approximation(scale * s[c] - l), f = factors[c];
                s[c] = p * f;
                g[c] = scale * p * (g[c] * f - d);
            }
            factors += columns;
        } else {
            for (ptrdiff_t c = 0; c < columns; c++) {
                float p = exp_approximation(scale * s[c] - l);
                s[c] = p;
                g[c] = scale * p * (g[c] - d);
            }
        }
    }
}

// dots[r] <- sum over c of x[r, c] y[r, c]
KERNEL void ck_row_dots(ptrdiff_t rows, ptrdiff_t columns, const float *restrict x, ptrdiff_t x_stride,
                        const float *restrict y, ptrdiff_t y_stride, float *restrict dots) {
    REDUCES
    for (ptrdiff_t r = 0; r < rows; r++, x += x_stride, y += y_stride) {
        float sum = 0.0f;
        for (ptrdiff_t c = 0; c < columns; c++) sum += x[c] * y[c];
        dots[r] = sum;
    }
}
