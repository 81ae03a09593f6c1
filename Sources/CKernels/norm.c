#include "kernel.h"

// y <- (x - mean) rstd gamma + beta over one row, with mean and rstd = 1 / sqrt(variance + epsilon) of the row.
INLINE void norm_row(ptrdiff_t columns, const float *restrict x, const float *restrict gamma,
                     const float *restrict beta, float epsilon, float *restrict y, float *mean, float *rstd) {
    REDUCES
    float sum = 0.0f, squares = 0.0f;
    for (ptrdiff_t c = 0; c < columns; c++) sum += x[c];
    float m = sum / (float)columns;
    for (ptrdiff_t c = 0; c < columns; c++) {
        float d = x[c] - m;
        squares += d * d;
    }
    float s = 1.0f / __builtin_elementwise_sqrt(squares / (float)columns + epsilon);
    for (ptrdiff_t c = 0; c < columns; c++) y[c] = (x[c] - m) * s * gamma[c] + beta[c];
    *mean = m;
    *rstd = s;
}

// dx <- rstd (gamma g - mean(gamma g) - xhat mean(gamma g xhat)) in place of g, and the sums for gamma and beta.
INLINE void norm_row_backward(ptrdiff_t columns, float *restrict g, const float *restrict x, float mean, float rstd,
                              const float *restrict gamma, float *restrict dgamma, float *restrict dbeta) {
    REDUCES
    float sum = 0.0f, product = 0.0f;
    if (dgamma)
        for (ptrdiff_t c = 0; c < columns; c++) {
            float normal = (x[c] - mean) * rstd, scaled = g[c] * gamma[c];
            dgamma[c] += g[c] * normal;
            dbeta[c] += g[c];
            sum += scaled;
            product += scaled * normal;
        }
    else
        for (ptrdiff_t c = 0; c < columns; c++) {
            float normal = (x[c] - mean) * rstd, scaled = g[c] * gamma[c];
            sum += scaled;
            product += scaled * normal;
        }
    sum /= (float)columns;
    product /= (float)columns;
    for (ptrdiff_t c = 0; c < columns; c++)
        g[c] = rstd * (g[c] * gamma[c] - sum - (x[c] - mean) * rstd * product);
}

// y <- norm(x) row by row, with the mean and rstd of each.
KERNEL void ck_norm(ptrdiff_t rows, ptrdiff_t columns, const float *restrict x, const float *restrict gamma,
                    const float *restrict beta, float epsilon, float *restrict y, float *restrict mean,
                    float *restrict rstd) {
    for (ptrdiff_t r = 0; r < rows; r++, x += columns, y += columns)
        norm_row(columns, x, gamma, beta, epsilon, y, mean + r, rstd + r);
}

#define GROUP 128

// x[c] <- x[c] * factor of element (row, c); each row starts a new group of the stream.
INLINE void drop_row(const ck_dropout *dropout, ptrdiff_t row, ptrdiff_t columns, float *restrict x) {
    float factors[4 * GROUP];
    uint64_t group = (uint64_t)row * (uint64_t)((columns + GROUP - 1) / GROUP);
    for (ptrdiff_t start = 0; start < columns; start += 4 * GROUP, group += 4) {
        ptrdiff_t count = columns - start < 4 * GROUP ? columns - start : 4 * GROUP;
        ck_dropout_factors(dropout, group, count, factors);
        for (ptrdiff_t c = 0; c < count; c++) x[start + c] *= factors[c];
    }
}

void ck_dropout_rows(const ck_dropout *dropout, ptrdiff_t first_row, ptrdiff_t rows, ptrdiff_t columns, float *x) {
    for (ptrdiff_t r = 0; r < rows; r++) drop_row(dropout, first_row + r, columns, x + r * columns);
}

// z <- residual + drop(z + bias), y <- norm(z). dropout may be null. (rows, columns) each; first_row numbers the rows
// for dropout.
KERNEL void ck_residual_norm(ptrdiff_t first_row, ptrdiff_t rows, ptrdiff_t columns, float *restrict z,
                             const float *restrict bias, const float *restrict residual, const float *restrict gamma,
                             const float *restrict beta, float epsilon, const ck_dropout *dropout, float *restrict y,
                             float *restrict mean, float *restrict rstd) {
    for (ptrdiff_t r = 0; r < rows; r++, z += columns, residual += columns, y += columns) {
        if (dropout) {
            for (ptrdiff_t c = 0; c < columns; c++) z[c] += bias[c];
            drop_row(dropout, first_row + r, columns, z);
            for (ptrdiff_t c = 0; c < columns; c++) z[c] += residual[c];
        } else {
            for (ptrdiff_t c = 0; c < columns; c++) z[c] += bias[c] + residual[c];
        }
        norm_row(columns, z, gamma, beta, epsilon, y, mean + r, rstd + r);
    }
}

// g, the gradient of norm(x), becomes that of x in place; dgamma and dbeta (columns) grow, or are both null.
KERNEL void ck_norm_backward(ptrdiff_t rows, ptrdiff_t columns, float *restrict g, const float *restrict x,
                             const float *restrict mean, const float *restrict rstd, const float *restrict gamma,
                             float *restrict dgamma, float *restrict dbeta) {
    for (ptrdiff_t r = 0; r < rows; r++)
        norm_row_backward(columns, g + r * columns, x + r * columns, mean[r], rstd[r], gamma, dgamma, dbeta);
}

// g, the gradient of ck_residual_norm's y, becomes that of the residual in place; dz <- that of z, whose column sums
// go to dbias. x is what the forward pass left in z. dgamma and dbeta, and dbias, may be null.
KERNEL void ck_residual_norm_backward(ptrdiff_t first_row, ptrdiff_t rows, ptrdiff_t columns, float *restrict g,
                                      const float *restrict x, const float *restrict mean, const float *restrict rstd,
                                      const float *restrict gamma, const ck_dropout *dropout, float *restrict dz,
                                      float *restrict dgamma, float *restrict dbeta, float *restrict dbias) {
    for (ptrdiff_t r = 0; r < rows; r++, g += columns, x += columns, dz += columns) {
        norm_row_backward(columns, g, x, mean[r], rstd[r], gamma, dgamma, dbeta);
        memcpy(dz, g, (size_t)columns * sizeof(float));
        if (dropout) drop_row(dropout, first_row + r, columns, dz);
        if (dbias)
            for (ptrdiff_t c = 0; c < columns; c++) dbias[c] += dz[c];
    }
}

// x <- token_table[token] + type_table[type] + position_table[position] + perturbation, y <- drop(norm(x)). types and
// type_table, perturbation and dropout may be null.
KERNEL void ck_embedding_norm(ptrdiff_t first_row, ptrdiff_t rows, ptrdiff_t columns, const int32_t *restrict tokens,
                              const int32_t *restrict types, const int32_t *restrict positions,
                              const float *restrict token_table, const float *restrict type_table,
                              const float *restrict position_table, const float *restrict perturbation,
                              const float *restrict gamma, const float *restrict beta, float epsilon,
                              const ck_dropout *dropout, float *restrict x, float *restrict y, float *restrict mean,
                              float *restrict rstd) {
    for (ptrdiff_t r = 0; r < rows; r++, x += columns, y += columns) {
        const float *token = token_table + (ptrdiff_t)tokens[r] * columns;
        const float *position = position_table + (ptrdiff_t)positions[r] * columns;
        if (type_table) {
            const float *type = type_table + (ptrdiff_t)types[r] * columns;
            for (ptrdiff_t c = 0; c < columns; c++) x[c] = token[c] + type[c] + position[c];
        } else {
            for (ptrdiff_t c = 0; c < columns; c++) x[c] = token[c] + position[c];
        }
        if (perturbation)
            for (ptrdiff_t c = 0; c < columns; c++) x[c] += perturbation[r * columns + c];
        norm_row(columns, x, gamma, beta, epsilon, y, mean + r, rstd + r);
        if (dropout) drop_row(dropout, first_row + r, columns, y);
    }
}
