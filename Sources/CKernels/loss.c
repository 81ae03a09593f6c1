#include "kernel.h"
#include <math.h>

// Losses of single rows, each with its gradient. In double precision: a few numbers a row decide all others.

// The logarithm of the sum of exp(x).
INLINE double log_sum(ptrdiff_t count, const float *x) {
    double top = x[0], sum = 0.0;
    for (ptrdiff_t c = 0; c < count; c++)
        if (!(x[c] <= top)) top = x[c];
    for (ptrdiff_t c = 0; c < count; c++) sum += exp(x[c] - top);
    return top + log(sum);
}

// Cross-entropy of softmax(logits) against (1 - smoothing) onehot(label) + smoothing / classes; gradient, which may be
// logits itself, <- softmax - target.
void ck_cross_entropy(ptrdiff_t rows, ptrdiff_t classes, const float *logits, const int32_t *labels, float smoothing,
                      float *losses, float *gradient) {
    double uniform = (double)smoothing / (double)classes;
    for (ptrdiff_t r = 0; r < rows; r++, logits += classes, gradient += classes) {
        double logsum = log_sum(classes, logits), mean = 0.0;
        for (ptrdiff_t c = 0; c < classes; c++) mean += logits[c];
        mean /= (double)classes;
        losses[r] = (float)(logsum - (1.0 - smoothing) * logits[labels[r]] - smoothing * mean);
        for (ptrdiff_t c = 0; c < classes; c++) {
            double target = uniform + (c == labels[r] ? 1.0 - smoothing : 0.0);
            gradient[c] = (float)(exp(logits[c] - logsum) - target);
        }
    }
}

// The same for many classes (a vocabulary), in vectors of single precision: exp is exact to 2e-7, sums of lanes to
// about as much.
KERNEL void ck_cross_entropy_wide(ptrdiff_t rows, ptrdiff_t classes, const float *logits, const int32_t *labels,
                                  float smoothing, float *losses, float *gradient) {
    float uniform = smoothing / (float)classes;
    for (ptrdiff_t r = 0; r < rows; r++, logits += classes, gradient += classes) {
        float top = largest(classes, logits), label = logits[labels[r]], sum = 0.0f, total = 0.0f;
        {
            REDUCES
            for (ptrdiff_t c = 0; c < classes; c++) {
                float x = logits[c], e = exp_approximation(x - top);
                total += x - top;
                gradient[c] = e;
                sum += e;
            }
        }
        float inverse = 1.0f / sum;
        for (ptrdiff_t c = 0; c < classes; c++) gradient[c] = gradient[c] * inverse - uniform;
        gradient[labels[r]] -= 1.0f - smoothing;
        losses[r] = (float)(log((double)sum) - (1.0 - smoothing) * ((double)label - (double)top) -
                            (double)smoothing * ((double)total / (double)classes));
    }
}

// Cross-entropy of softmax(logits) against targets (rows, classes) that sum to 1 a row; gradient <- softmax - target.
void ck_soft_cross_entropy(ptrdiff_t rows, ptrdiff_t classes, const float *logits, const float *targets,
                           float *losses, float *gradient) {
    for (ptrdiff_t r = 0; r < rows; r++, logits += classes, targets += classes, gradient += classes) {
        double logsum = log_sum(classes, logits), loss = 0.0, mass = 0.0;
        for (ptrdiff_t c = 0; c < classes; c++) {
            mass += targets[c];
            if (targets[c] != 0.0f) loss += targets[c] * (logsum - logits[c]);
        }
        losses[r] = (float)loss;
        for (ptrdiff_t c = 0; c < classes; c++)
            gradient[c] = (float)(mass * exp(logits[c] - logsum) - targets[c]);
    }
}

// The mean over the columns of -(p t log s(x) + (1 - t) log s(-x)) with the logistic function s and the weights p of
// positive targets, which may be null; gradient <- its gradient.
void ck_binary_cross_entropy(ptrdiff_t rows, ptrdiff_t columns, const float *logits, const float *targets,
                             const float *positive, float *losses, float *gradient) {
    for (ptrdiff_t r = 0; r < rows; r++, logits += columns, targets += columns, gradient += columns) {
        double loss = 0.0;
        for (ptrdiff_t c = 0; c < columns; c++) {
            double x = logits[c], t = targets[c], p = positive ? positive[c] : 1.0;
            double e = exp(-fabs(x)), shared = log1p(e);
            // -log s(x) and -log s(-x); s(x) = 1 / (1 + exp(-x)).
            double yes = shared + (x < 0 ? -x : 0.0), no = shared + (x > 0 ? x : 0.0);
            double s = x > 0 ? 1.0 / (1.0 + e) : e / (1.0 + e);
            if (isnan(x)) yes = no = s = x;
            loss += p * t * yes + (1.0 - t) * no;
            gradient[c] = (float)(((1.0 - t) * s - p * t * (1.0 - s)) / (double)columns);
        }
        losses[r] = (float)(loss / (double)columns);
    }
}

// The mean over the columns of (x - t)^2; gradient <- its gradient.
void ck_squared_error(ptrdiff_t rows, ptrdiff_t columns, const float *x, const float *targets, float *losses,
                      float *gradient) {
    for (ptrdiff_t r = 0; r < rows; r++, x += columns, targets += columns, gradient += columns) {
        double loss = 0.0;
        for (ptrdiff_t c = 0; c < columns; c++) {
            double difference = (double)x[c] - (double)targets[c];
            loss += difference * difference;
            gradient[c] = (float)(2.0 * difference / (double)columns);
        }
        losses[r] = (float)(loss / (double)columns);
    }
}

// x[r, c] <- x[r, c] factor[r] scale
KERNEL void ck_scale_rows(ptrdiff_t rows, ptrdiff_t columns, float *restrict x, const float *restrict factors,
                          float scale) {
    for (ptrdiff_t r = 0; r < rows; r++, x += columns) {
        float factor = factors[r] * scale;
        for (ptrdiff_t c = 0; c < columns; c++) x[c] *= factor;
    }
}
