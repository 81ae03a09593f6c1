#pragma once

// Vector kernels of the trainer. Plain C that the compiler vectorises, built for several processors and chosen at
// run time. All matrices are row-major; no pointer may overlap another unless a comment says "in place".

#include <stddef.h>
#include <stdint.h>

// A stream of random factors: 0 with probability threshold / 65536, else scale. See random.c.
typedef struct {
    uint64_t key;
    uint64_t stream;
    uint32_t threshold;
    float scale;
} ck_dropout;

// elementwise.c
void ck_scale(ptrdiff_t count, float factor, float *x);
void ck_add(ptrdiff_t count, const float *x, float *y);
void ck_add_bias(ptrdiff_t rows, ptrdiff_t columns, float *x, const float *bias);
void ck_add_column_sums(ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t stride, float *sums);
void ck_scatter_add(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t first, ptrdiff_t count, const int32_t *index,
                    int32_t except, const float *x, float *table);
void ck_add_multiple(ptrdiff_t count, float factor, const float *x, float *y);
void ck_multiply(ptrdiff_t count, const float *x, float *y);

// activation.c
typedef enum { ck_gelu, ck_gelu_tanh, ck_relu, ck_tanh } ck_activation;
void ck_bias_activation(ck_activation kind, ptrdiff_t rows, ptrdiff_t columns, float *u, const float *bias, float *y);
void ck_activation_backward(ck_activation kind, ptrdiff_t count, float *u, float *g);

// norm.c
void ck_norm(ptrdiff_t rows, ptrdiff_t columns, const float *x, const float *gamma, const float *beta, float epsilon,
             float *y, float *mean, float *rstd);
void ck_residual_norm(ptrdiff_t first_row, ptrdiff_t rows, ptrdiff_t columns, float *z, const float *bias,
                      const float *residual, const float *gamma, const float *beta, float epsilon,
                      const ck_dropout *dropout, float *y, float *mean, float *rstd);
void ck_norm_backward(ptrdiff_t rows, ptrdiff_t columns, float *g, const float *x, const float *mean, const float *rstd,
                      const float *gamma, float *dgamma, float *dbeta);
void ck_residual_norm_backward(ptrdiff_t first_row, ptrdiff_t rows, ptrdiff_t columns, float *g, const float *x,
                               const float *mean, const float *rstd, const float *gamma, const ck_dropout *dropout,
                               float *dz, float *dgamma, float *dbeta, float *dbias);
void ck_embedding_norm(ptrdiff_t first_row, ptrdiff_t rows, ptrdiff_t columns, const int32_t *tokens,
                       const int32_t *types, const int32_t *positions, const float *token_table,
                       const float *type_table, const float *position_table, const float *perturbation,
                       const float *gamma, const float *beta, float epsilon, const ck_dropout *dropout, float *x,
                       float *y, float *mean, float *rstd);

// softmax.c
void ck_softmax(ptrdiff_t rows, ptrdiff_t columns, float *s, float scale, const float *factors, float *logsum);
void ck_softmax_backward(ptrdiff_t rows, ptrdiff_t columns, float *s, float scale, const float *logsum,
                         const float *dot, const float *factors, float *g);
void ck_row_dots(ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t x_stride, const float *y,
                 ptrdiff_t y_stride, float *dots);

// loss.c
void ck_cross_entropy(ptrdiff_t rows, ptrdiff_t classes, const float *logits, const int32_t *labels, float smoothing,
                      float *losses, float *gradient);
void ck_cross_entropy_wide(ptrdiff_t rows, ptrdiff_t classes, const float *logits, const int32_t *labels,
                           float smoothing, float *losses, float *gradient);
void ck_soft_cross_entropy(ptrdiff_t rows, ptrdiff_t classes, const float *logits, const float *targets, float *losses,
                           float *gradient);
void ck_binary_cross_entropy(ptrdiff_t rows, ptrdiff_t columns, const float *logits, const float *targets,
                             const float *positive, float *losses, float *gradient);
void ck_squared_error(ptrdiff_t rows, ptrdiff_t columns, const float *x, const float *targets, float *losses,
                      float *gradient);
void ck_scale_rows(ptrdiff_t rows, ptrdiff_t columns, float *x, const float *factors, float scale);

// vectors.c
void ck_normalize_rows(ptrdiff_t rows, ptrdiff_t columns, const float *x, float *y, float *inverse);
void ck_normalize_rows_backward(ptrdiff_t rows, ptrdiff_t columns, float *g, const float *y, const float *inverse);
void ck_row_distances(ptrdiff_t rows, ptrdiff_t columns, const float *x, const float *y, float *distances);
void ck_row_differences(ptrdiff_t rows, ptrdiff_t columns, const float *x, const float *y, const float *factor,
                        float *z);
void ck_add_scaled_rows(ptrdiff_t rows, ptrdiff_t columns, const float *factor, const float *x, float *y);
void ck_add_column_dots(ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t x_stride, const float *y,
                        ptrdiff_t y_stride, const float *factor, float *sums);
void ck_scale_columns(ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t x_stride, const float *factor,
                      float *y, ptrdiff_t y_stride);
void ck_add_scaled_columns(ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t x_stride, const float *factor,
                           float *y, ptrdiff_t y_stride);
void ck_row_norms(ptrdiff_t rows, ptrdiff_t columns, const float *x, float *norms);

// optimizer.c
double ck_sum_of_squares(ptrdiff_t count, const float *x);
void ck_adamw(ptrdiff_t count, float *w, const float *g, float *m, float *v, float scale, float beta1, float beta2,
              float epsilon, float decay, float step, float inverse_root_correction);

void ck_sgd(ptrdiff_t count, float *w, const float *g, float *b, float scale, float momentum, int nesterov, float l2,
            float decay, float step);
void ck_lion(ptrdiff_t count, float *w, const float *g, float *m, float scale, float beta1, float beta2, float decay,
             float step);
void ck_adafactor_moments(ptrdiff_t rows, ptrdiff_t columns, const float *g, float scale, float epsilon, float beta2,
                          float *row_moment, float *column_sums);
void ck_reciprocal_roots(ptrdiff_t count, const float *moment, float mean, float *factor);
double ck_adafactor_squares(ptrdiff_t rows, ptrdiff_t columns, const float *g, float scale, const float *row_factor,
                            const float *column_factor);
void ck_adafactor_apply(ptrdiff_t rows, ptrdiff_t columns, float *w, const float *g, float step,
                        const float *row_factor, const float *column_factor, float decay);
double ck_adafactor_vector_moments(ptrdiff_t count, const float *g, float scale, float epsilon, float beta2, float *v);
void ck_adafactor_vector_apply(ptrdiff_t count, float *w, const float *g, float step, const float *v, float decay);
void ck_add_difference(ptrdiff_t count, float factor, const float *w, const float *start, float *g);
double ck_squared_distance(ptrdiff_t count, const float *x, const float *y);
void ck_average(ptrdiff_t count, float keep, const float *w, float *average);
void ck_swap(ptrdiff_t count, float *x, float *y);

// random.c
void ck_philox(uint64_t key, uint64_t stream, uint64_t counter, uint32_t words[4]);
void ck_dropout_factors(const ck_dropout *dropout, uint64_t first_group, ptrdiff_t count, float *factors);
void ck_dropout_rows(const ck_dropout *dropout, ptrdiff_t first_row, ptrdiff_t rows, ptrdiff_t columns, float *x);
void ck_normal(uint64_t key, uint64_t stream, ptrdiff_t count, float deviation, float *x);
void ck_uniform(uint64_t key, uint64_t stream, ptrdiff_t count, float lower, float width, float *x);

// loop.c
// The body of a parallel loop, `(task, worker)`: a Swift closure that does not escape, as its calling convention passes it.
typedef struct {
    const void *code;
    const void *context;
} ck_loop_body;
void ck_call(ck_loop_body body, ptrdiff_t task, ptrdiff_t worker);
