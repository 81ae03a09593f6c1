#include "kernel.h"

// Operations on the rows of matrices as vectors.

// y <- x / max(|x|, 1e-12) row by row; inverse[r] <- 1 / max(|x|, 1e-12).
KERNEL void ck_normalize_rows(ptrdiff_t rows, ptrdiff_t columns, const float *restrict x, float *restrict y,
                              float *restrict inverse) {
    for (ptrdiff_t r = 0; r < rows; r++, x += columns, y += columns) {
        REDUCES
        float sum = 0.0f;
        for (ptrdiff_t c = 0; c < columns; c++) sum += x[c] * x[c];
        float norm = __builtin_elementwise_sqrt(sum);
        float factor = 1.0f / (norm > 1e-12f ? norm : (norm == norm ? 1e-12f : norm));
        inverse[r] = factor;
        for (ptrdiff_t c = 0; c < columns; c++) y[c] = x[c] * factor;
    }
}

// g, the gradient of y = x inverse, becomes that of x in place: inverse (g - y (g . y)), or inverse g where the length
// was too small to divide by.
KERNEL void ck_normalize_rows_backward(ptrdiff_t rows, ptrdiff_t columns, float *restrict g, const float *restrict y,
                                       const float *restrict inverse) {
    for (ptrdiff_t r = 0; r < rows; r++, g += columns, y += columns) {
        REDUCES
        float dot = 0.0f, factor = inverse[r];
        for (ptrdiff_t c = 0; c < columns; c++) dot += g[c] * y[c];
        if (factor >= 1e12f) dot = 0.0f;
        for (ptrdiff_t c = 0; c < columns; c++) g[c] = factor * (g[c] - y[c] * dot);
    }
}

// distances[r] <- |x - y + 1e-6|, as torch.nn.functional.pairwise_distance.
KERNEL void ck_row_distances(ptrdiff_t rows, ptrdiff_t columns, const float *restrict x, const float *restrict y,
                             float *restrict distances) {
    for (ptrdiff_t r = 0; r < rows; r++, x += columns, y += columns) {
        REDUCES
        float sum = 0.0f;
        for (ptrdiff_t c = 0; c < columns; c++) {
            float difference = x[c] - y[c] + 1e-6f;
            sum += difference * difference;
        }
        distances[r] = __builtin_elementwise_sqrt(sum);
    }
}

// z[r, c] <- factor[r] (x - y + 1e-6): the gradient of the distance towards x when factor = g / distance.
KERNEL void ck_row_differences(ptrdiff_t rows, ptrdiff_t columns, const float *restrict x, const float *restrict y,
                               const float *restrict factor, float *restrict z) {
    for (ptrdiff_t r = 0; r < rows; r++, x += columns, y += columns, z += columns)
        for (ptrdiff_t c = 0; c < columns; c++) z[c] = factor[r] * (x[c] - y[c] + 1e-6f);
}

// y[r, c] <- y[r, c] + factor[r] x[r, c]
KERNEL void ck_add_scaled_rows(ptrdiff_t rows, ptrdiff_t columns, const float *restrict factor,
                               const float *restrict x, float *restrict y) {
    for (ptrdiff_t r = 0; r < rows; r++, x += columns, y += columns)
        for (ptrdiff_t c = 0; c < columns; c++) y[c] += factor[r] * x[c];
}

// sums[c] <- sums[c] + factor[c] sum over r of x[r, c] y[r, c]; rows are x_stride and y_stride floats apart.
KERNEL void ck_add_column_dots(ptrdiff_t rows, ptrdiff_t columns, const float *restrict x, ptrdiff_t x_stride,
                               const float *restrict y, ptrdiff_t y_stride, const float *restrict factor,
                               float *restrict sums) {
    for (ptrdiff_t r = 0; r < rows; r++, x += x_stride, y += y_stride)
        for (ptrdiff_t c = 0; c < columns; c++) sums[c] += factor[c] * (x[c] * y[c]);
}

// y[r, c] <- x[r, c] factor[c]; rows are x_stride and y_stride floats apart. In place where y is x.
KERNEL void ck_scale_columns(ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t x_stride,
                             const float *restrict factor, float *y, ptrdiff_t y_stride) {
    for (ptrdiff_t r = 0; r < rows; r++, x += x_stride, y += y_stride)
        for (ptrdiff_t c = 0; c < columns; c++) y[c] = x[c] * factor[c];
}

// y[r, c] <- y[r, c] + x[r, c] factor[c]; rows are x_stride and y_stride floats apart.
KERNEL void ck_add_scaled_columns(ptrdiff_t rows, ptrdiff_t columns, const float *restrict x, ptrdiff_t x_stride,
                                  const float *restrict factor, float *restrict y, ptrdiff_t y_stride) {
    for (ptrdiff_t r = 0; r < rows; r++, x += x_stride, y += y_stride)
        for (ptrdiff_t c = 0; c < columns; c++) y[c] += x[c] * factor[c];
}

// norms[r] <- |x[r]|
KERNEL void ck_row_norms(ptrdiff_t rows, ptrdiff_t columns, const float *restrict x, float *restrict norms) {
    for (ptrdiff_t r = 0; r < rows; r++, x += columns) {
        REDUCES
        float sum = 0.0f;
        for (ptrdiff_t c = 0; c < columns; c++) sum += x[c] * x[c];
        norms[r] = __builtin_elementwise_sqrt(sum);
    }
}
