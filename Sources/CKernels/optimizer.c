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

// One step of stochastic gradient descent; see SGD.swift. b may be null without momentum. l2 goes into the gradient,
// decay = 1 - lr lambda shrinks the weights.
KERNEL void ck_sgd(ptrdiff_t count, float *restrict w, const float *restrict g, float *restrict b, float scale,
                   float momentum, int nesterov, float l2, float decay, float step) {
    if (!b) {
        for (ptrdiff_t i = 0; i < count; i++) w[i] = w[i] * decay - step * (g[i] * scale + l2 * w[i]);
        return;
    }
    float own = nesterov ? 1.0f : 0.0f, sum = nesterov ? momentum : 1.0f;
    for (ptrdiff_t i = 0; i < count; i++) {
        float gradient = g[i] * scale + l2 * w[i];
        float average = momentum * b[i] + gradient;
        b[i] = average;
        w[i] = w[i] * decay - step * (own * gradient + sum * average);
    }
}

// One Lion update; see Lion.swift. decay = 1 - lr lambda.
KERNEL void ck_lion(ptrdiff_t count, float *restrict w, const float *restrict g, float *restrict m, float scale,
                    float beta1, float beta2, float decay, float step) {
    for (ptrdiff_t i = 0; i < count; i++) {
        float gradient = g[i] * scale;
        float direction = beta1 * m[i] + (1.0f - beta1) * gradient;
        float sign = direction > 0.0f ? 1.0f : (direction < 0.0f ? -1.0f : 0.0f);
        m[i] = beta2 * m[i] + (1.0f - beta2) * gradient;
        w[i] = w[i] * decay - step * sign;
    }
}

// Squared gradients of some rows of a matrix: row_moment[r] <- beta2 row_moment[r] + (1 - beta2) mean over c, and
// column_sums[c] <- sum over the rows.
KERNEL void ck_adafactor_moments(ptrdiff_t rows, ptrdiff_t columns, const float *restrict g, float scale,
                                 float epsilon, float beta2, float *restrict row_moment,
                                 float *restrict column_sums) {
    for (ptrdiff_t c = 0; c < columns; c++) column_sums[c] = 0.0f;
    for (ptrdiff_t r = 0; r < rows; r++, g += columns) {
        REDUCES
        float sum = 0.0f;
        for (ptrdiff_t c = 0; c < columns; c++) {
            float square = (g[c] * scale) * (g[c] * scale) + epsilon;
            column_sums[c] += square;
            sum += square;
        }
        row_moment[r] = beta2 * row_moment[r] + (1.0f - beta2) * (sum / (float)columns);
    }
}

// factor[i] <- 1 / sqrt(moment[i] / mean)
KERNEL void ck_reciprocal_roots(ptrdiff_t count, const float *restrict moment, float mean, float *restrict factor) {
    for (ptrdiff_t i = 0; i < count; i++) factor[i] = 1.0f / __builtin_elementwise_sqrt(moment[i] / mean);
}

// The sum of squares of g scale row_factor column_factor.
KERNEL double ck_adafactor_squares(ptrdiff_t rows, ptrdiff_t columns, const float *restrict g, float scale,
                                   const float *restrict row_factor, const float *restrict column_factor) {
    double total = 0.0;
    for (ptrdiff_t r = 0; r < rows; r++, g += columns) {
        REDUCES
        float sum = 0.0f;
        for (ptrdiff_t c = 0; c < columns; c++) {
            float update = g[c] * column_factor[c];
            sum += update * update;
        }
        float factor = scale * row_factor[r];
        total += (double)sum * (double)factor * (double)factor;
    }
    return total;
}

// w <- decay w - step g row_factor column_factor
KERNEL void ck_adafactor_apply(ptrdiff_t rows, ptrdiff_t columns, float *restrict w, const float *restrict g,
                               float step, const float *restrict row_factor, const float *restrict column_factor,
                               float decay) {
    for (ptrdiff_t r = 0; r < rows; r++, w += columns, g += columns) {
        float factor = step * row_factor[r];
        for (ptrdiff_t c = 0; c < columns; c++) w[c] = w[c] * decay - factor * (g[c] * column_factor[c]);
    }
}

// Second moments of a vector; returns the sum of squares of its update g scale / sqrt(v).
KERNEL double ck_adafactor_vector_moments(ptrdiff_t count, const float *restrict g, float scale, float epsilon,
                                          float beta2, float *restrict v) {
    REDUCES
    double sum = 0.0;
    for (ptrdiff_t i = 0; i < count; i++) {
        float square = (g[i] * scale) * (g[i] * scale) + epsilon;
        float moment = beta2 * v[i] + (1.0f - beta2) * square;
        v[i] = moment;
        sum += (double)(g[i] * scale) * (double)(g[i] * scale) / (double)moment;
    }
    return sum;
}

// w <- decay w - step g / sqrt(v)
KERNEL void ck_adafactor_vector_apply(ptrdiff_t count, float *restrict w, const float *restrict g, float step,
                                      const float *restrict v, float decay) {
    for (ptrdiff_t i = 0; i < count; i++) w[i] = w[i] * decay - step * (g[i] / __builtin_elementwise_sqrt(v[i]));
}

// g <- g + factor (w - start)
KERNEL void ck_add_difference(ptrdiff_t count, float factor, const float *restrict w, const float *restrict start,
                              float *restrict g) {
    for (ptrdiff_t i = 0; i < count; i++) g[i] += factor * (w[i] - start[i]);
}

// The sum of squares of x - y, in double precision.
KERNEL double ck_squared_distance(ptrdiff_t count, const float *restrict x, const float *restrict y) {
    REDUCES
    double sum = 0.0;
    for (ptrdiff_t i = 0; i < count; i++) {
        double difference = (double)x[i] - (double)y[i];
        sum += difference * difference;
    }
    return sum;
}

// average <- keep average + (1 - keep) w
KERNEL void ck_average(ptrdiff_t count, float keep, const float *restrict w, float *restrict average) {
    for (ptrdiff_t i = 0; i < count; i++) average[i] += (1.0f - keep) * (w[i] - average[i]);
}

// Exchanges x and y.
KERNEL void ck_swap(ptrdiff_t count, float *restrict x, float *restrict y) {
    for (ptrdiff_t i = 0; i < count; i++) {
        float kept = x[i];
        x[i] = y[i];
        y[i] = kept;
    }
}
