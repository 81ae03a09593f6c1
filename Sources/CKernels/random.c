#include "kernel.h"
#include <math.h>

// Philox4x32-10, a counter-based generator (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3",
// 2011): the words of block `counter` of a stream depend on nothing else, so that any thread can draw any of them.

#define MULTIPLIER_0 0xD2511F53u
#define MULTIPLIER_1 0xCD9E8D57u
#define WEYL_0 0x9E3779B9u
#define WEYL_1 0xBB67AE85u
#define LANES 16

typedef uint32_t words __attribute__((ext_vector_type(LANES)));
typedef uint64_t wide __attribute__((ext_vector_type(LANES)));
typedef float floats __attribute__((ext_vector_type(LANES)));

void ck_philox(uint64_t key, uint64_t stream, uint64_t counter, uint32_t out[4]) {
    uint32_t c0 = (uint32_t)counter, c1 = (uint32_t)(counter >> 32);
    uint32_t c2 = (uint32_t)stream, c3 = (uint32_t)(stream >> 32);
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    for (int round = 0; round < 10; round++, k0 += WEYL_0, k1 += WEYL_1) {
        uint64_t a = (uint64_t)MULTIPLIER_0 * c0, b = (uint64_t)MULTIPLIER_1 * c2;
        c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)b;
        c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)a;
    }
    out[0] = c0, out[1] = c1, out[2] = c2, out[3] = c3;
}

// Factors of `count` elements from the start of `first_group`. A group is 128 elements: 16 blocks with consecutive
// counters, each giving 4 words, each word 2 numbers of 16 bits. Number h of word w of block b decides element
// (2 w + h) 16 + b, so that whole vectors are stored without a shuffle.
KERNEL void ck_dropout_factors(const ck_dropout *dropout, uint64_t first_group, ptrdiff_t count, float *factors) {
    const words lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const words threshold = (words)dropout->threshold;
    const floats none = (floats)0.0f, kept = (floats)dropout->scale;
    for (uint64_t group = first_group; count > 0; group++, count -= 128, factors += 128) {
        words c0 = (words)(uint32_t)(group << 4) + lane, c1 = (words)(uint32_t)(group >> 28);
        words c2 = (words)(uint32_t)dropout->stream, c3 = (words)(uint32_t)(dropout->stream >> 32);
        uint32_t k0 = (uint32_t)dropout->key, k1 = (uint32_t)(dropout->key >> 32);
        for (int round = 0; round < 10; round++, k0 += WEYL_0, k1 += WEYL_1) {
            wide a = __builtin_convertvector(c0, wide) * (wide)(uint64_t)MULTIPLIER_0;
            wide b = __builtin_convertvector(c2, wide) * (wide)(uint64_t)MULTIPLIER_1;
            c0 = __builtin_convertvector(b >> 32, words) ^ c1 ^ (words)k0;
            c1 = __builtin_convertvector(b, words);
            c2 = __builtin_convertvector(a >> 32, words) ^ c3 ^ (words)k1;
            c3 = __builtin_convertvector(a, words);
        }
        const words all[4] = {c0, c1, c2, c3};
        floats result[8];
        for (int w = 0; w < 4; w++) {
            result[2 * w] = (all[w] & 0xFFFFu) < threshold ? none : kept;
            result[2 * w + 1] = (all[w] >> 16) < threshold ? none : kept;
        }
        memcpy(factors, result, (size_t)(count < 128 ? count : 128) * sizeof(float));
    }
}

// Normal numbers by Box and Muller, two a pair of words; block i of the stream gives elements 4 i to 4 i + 3.
void ck_normal(uint64_t key, uint64_t stream, ptrdiff_t count, float deviation, float *x) {
    for (ptrdiff_t i = 0; i < count; i += 4) {
        uint32_t bits[4];
        float block[4];
        ck_philox(key, stream, (uint64_t)i / 4, bits);
        for (int pair = 0; pair < 2; pair++) {
            double radius = sqrt(-2.0 * log(((double)bits[2 * pair] + 1.0) / 4294967296.0));
            double angle = 6.283185307179586 * ((double)bits[2 * pair + 1] / 4294967296.0);
            block[2 * pair] = (float)(deviation * radius * cos(angle));
            block[2 * pair + 1] = (float)(deviation * radius * sin(angle));
        }
        memcpy(x + i, block, (size_t)(count - i < 4 ? count - i : 4) * sizeof(float));
    }
}

// Numbers of 24 random bits from lower to lower + width; block i of the stream gives elements 4 i to 4 i + 3.
void ck_uniform(uint64_t key, uint64_t stream, ptrdiff_t count, float lower, float width, float *x) {
    uint32_t bits[4] = {0};
    for (ptrdiff_t i = 0; i < count; i++) {
        if (i % 4 == 0) ck_philox(key, stream, (uint64_t)i / 4, bits);
        x[i] = lower + width * ((float)(bits[i % 4] >> 8) * 0x1p-24f);
    }
}
