#include "kernel.h"

// x <- factor x
KERNEL void ck_scale(ptrdiff_t count, float factor, float *x) {
    for (ptrdiff_t i = 0; i < count; i++) x[i] *= factor;
}

// y <- y + x
KERNEL void ck_add(ptrdiff_t count, const float *restrict x, float *restrict y) {
    for (ptrdiff_t i = 0; i < count; i++) y[i] += x[i];
}

// y <- y + factor x
KERNEL void ck_add_multiple(ptrdiff_t count, float factor, const float *restrict x, float *restrict y) {
    for (ptrdiff_t i = 0; i < count; i++) y[i] += factor * x[i];
}

// y <- y * x
KERNEL void ck_multiply(ptrdiff_t count, const float *restrict x, float *restrict y) {
    for (ptrdiff_t i = 0; i < count; i++) y[i] *= x[i];
}

// x[r, c] <- x[r, c] + bias[c]
KERNEL void ck_add_bias(ptrdiff_t rows, ptrdiff_t columns, float *restrict x, const float *restrict bias) {
    for (ptrdiff_t r = 0; r < rows; r++, x += columns)
        for (ptrdiff_t c = 0; c < columns; c++) x[c] += bias[c];
}

// sums[c] <- sums[c] + sum over r of x[r, c]; rows are stride floats apart. Four rows a pass over the sums.
KERNEL void ck_add_column_sums(ptrdiff_t rows, ptrdiff_t columns, const float *restrict x, ptrdiff_t stride,
                               float *restrict sums) {
    ptrdiff_t r = 0;
    for (; r + 4 <= rows; r += 4, x += 4 * stride)
        for (ptrdiff_t c = 0; c < columns; c++)
            sums[c] += (x[c] + x[stride + c]) + (x[2 * stride + c] + x[3 * stride + c]);
    for (; r < rows; r++, x += stride)
        for (ptrdiff_t c = 0; c < columns; c++) sums[c] += x[c];
}

// table[index[r], c] <- table[index[r], c] + x[r, c] for the columns first <= c < first + count, so that threads can
// share the columns out and never meet. Rows whose index is `except` are passed over.
KERNEL void ck_scatter_add(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t first, ptrdiff_t count,
                           const int32_t *restrict index, int32_t except, const float *restrict x,
                           float *restrict table) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        if (index[r] == except) continue;
        float *target = table + (ptrdiff_t)index[r] * columns + first;
        const float *source = x + r * columns + first;
        for (ptrdiff_t c = 0; c < count; c++) target[c] += source[c];
    }
}
