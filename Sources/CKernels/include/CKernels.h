#pragma once
#include <stddef.h>
#include <stdint.h>
void ck_adamw(ptrdiff_t count, float *w, const float *g, float *m, float *v, float scale, float beta1, float beta2,
              float epsilon, float decay, float step, float inverse_root_correction);
double ck_sum_of_squares(ptrdiff_t count, const float *x);
