#include "kernel.h"

// Each activation f as f(u) and f'(u) together; the compiler drops what a caller does not use.
typedef struct {
    float value, slope;
} valued;

// u Phi(u); Phi(u) + u phi(u)
INLINE valued gelu(float u) {
    float cumulative, density;
    normal_distribution(u, &cumulative, &density);
    return (valued){u * cumulative, cumulative + u * density};
}

// u/2 (1 + t), t = tanh(a (u + b u^3)); (1 + t)/2 + u/2 (1 - t^2) a (1 + 3 b u^2)
INLINE valued gelu_tanh(float u) {
    const float a = 0.7978845608f, b = 0.044715f;
    float s = u * u, t = tanh_approximation(a * (u + b * u * s));
    return (valued){0.5f * u * (1.0f + t),
                    0.5f * (1.0f + t) + 0.5f * u * (1.0f - t * t) * a * (1.0f + 3.0f * b * s)};
}

// max(u, 0), NaN staying NaN; 1 where u > 0
INLINE valued relu(float u) { return (valued){u < 0.0f ? 0.0f : u, u > 0.0f ? 1.0f : 0.0f}; }

INLINE valued hyperbolic(float u) {
    float t = tanh_approximation(u);
    return (valued){t, 1.0f - t * t};
}

#define FORWARD(f)                                                      \
    for (ptrdiff_t r = 0; r < rows; r++, u += columns, y += columns)    \
        for (ptrdiff_t c = 0; c < columns; c++) {                       \
            float z = u[c] + bias[c];                                   \
            u[c] = z;                                                   \
            y[c] = f(z).value;                                          \
        }                                                               \
    break

// u <- u + bias, y <- f(u); u, y: (rows, columns), bias: (columns)
KERNEL void ck_bias_activation(ck_activation kind, ptrdiff_t rows, ptrdiff_t columns, float *restrict u,
                               const float *restrict bias, float *restrict y) {
    switch (kind) {
    case ck_gelu: FORWARD(gelu);
    case ck_gelu_tanh: FORWARD(gelu_tanh);
    case ck_relu: FORWARD(relu);
    case ck_tanh: FORWARD(hyperbolic);
    }
}

#define BACKWARD(f)                             \
    for (ptrdiff_t i = 0; i < count; i++) {     \
        valued v = f(u[i]);                     \
        u[i] = v.value;                         \
        g[i] *= v.slope;                        \
    }                                           \
    break

// In place: g, the gradient of f(u), becomes that of u; u becomes f(u), so that it need not be kept from the forward pass.
KERNEL void ck_activation_backward(ck_activation kind, ptrdiff_t count, float *restrict u, float *restrict g) {
    switch (kind) {
    case ck_gelu: BACKWARD(gelu);
    case ck_gelu_tanh: BACKWARD(gelu_tanh);
    case ck_relu: BACKWARD(relu);
    case ck_tanh: BACKWARD(hyperbolic);
    }
}
