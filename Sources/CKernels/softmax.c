#include "kernel.h"
#include <math.h>

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

// The sum over rows of the cross-entropy of softmax(logits) against (1 - smoothing) onehot(label) + smoothing / classes;
// gradient <- its gradient, softmax - target. In double precision: a few numbers a row decide all others.
double ck_cross_entropy(ptrdiff_t rows, ptrdiff_t classes, const float *logits, const int32_t *labels, float smoothing,
                        float *gradient) {
    double total = 0.0, uniform = (double)smoothing / (double)classes;
    for (ptrdiff_t r = 0; r < rows; r++, logits += classes, gradient += classes) {
        double top = logits[0], sum = 0.0, mean = 0.0;
        for (ptrdiff_t c = 0; c < classes; c++) {
            if (!(logits[c] <= top)) top = logits[c];
            mean += logits[c];
        }
        mean /= (double)classes;
        for (ptrdiff_t c = 0; c < classes; c++) sum += exp(logits[c] - top);
        double logsum = top + log(sum);
        total += logsum - (1.0 - smoothing) * logits[labels[r]] - smoothing * mean;
        for (ptrdiff_t c = 0; c < classes; c++) {
            double target = uniform + (c == labels[r] ? 1.0 - smoothing : 0.0);
            gradient[c] = (float)(exp(logits[c] - logsum) - target);
        }
    }
    return total;
}
