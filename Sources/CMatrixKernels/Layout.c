// One epoch of UMAP's layout for a block of rows: each due edge pulls its row, and random points
// push it, all measured from where the row is, eight at a time.
//
// Rounding is the same with and without wide vectors: products and sums are never fused here.
#include "Dispatch.h"

#pragma STDC FP_CONTRACT OFF

enum { lanes = 8 };

/// x to the power b for x above 0, relative error below 2e-6 for exponents around 1: exponent bits
/// and the series of atanh for log2, a polynomial for the fraction of 2^y.
ALWAYS_INLINE void raise(const float8 *x, float b, float8 *result) {
  const int8x32 bits = (int8x32)*x - 0x3F3504F3;  // sqrt(1/2): mantissas in [sqrt(1/2), sqrt(2))
  const float8 exponent = __builtin_convertvector(bits >> 23, float8);
  const float8 mantissa = (float8)((bits & 0x007FFFFF) + 0x3F3504F3);
  const float8 s = (mantissa - 1.0f) / (mantissa + 1.0f);
  const float8 t = s * s;
  const float8 series =
      s * (2.8853901f + t * (0.9617967f + t * (0.577078f + t * 0.4121986f)));
  float8 y = b * (exponent + series);
  const int8x32 below = y < -126.0f, above = y > 126.0f;
  y = (float8)(((int8x32)y & ~below & ~above) | ((int8x32)((float8){0} - 126.0f) & below) |
               ((int8x32)((float8){0} + 126.0f) & above));
  const float8 whole = (y + 12582912.0f) - 12582912.0f;
  const float8 part = y - whole;
  const float8 polynomial =
      1.0f + part * (0.6931472f +
                     part * (0.2402265f +
                             part * (0.05550411f +
                                     part * (0.009618129f +
                                             part * (0.001333356f + part * 0.000154035f)))));
  const int8x32 scale = (__builtin_convertvector(whole, int8x32) + 127) << 23;
  *result = polynomial * (float8)scale;
}

ALWAYS_INLINE uint64_t next_random(uint64_t *state) {
  uint64_t mixed = *state += 0x9E3779B97F4A7C15u;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
  return mixed ^ (mixed >> 31);
}

/// Moves `point` by the lanes in use; lane 0 pulls if `pulls`. The pull alone is written to `pulled`.
ALWAYS_INLINE void move(
    const cytoself_layout *layout, int64_t dimensions, const float *const *places, int used,
    int pulls, float *point, float *pulled) {
  float8 square = {0};
  for (int64_t axis = 0; axis < dimensions; ++axis) {
    float8 place;
    for (int lane = 0; lane < lanes; ++lane) place[lane] = places[lane][axis];
    const float8 difference = point[axis] - place;
    square += difference * difference;
  }
  float8 raised;
  raise(&square, layout->b, &raised);
  const float a = layout->a, b = layout->b;
  const int8x32 number = {0, 1, 2, 3, 4, 5, 6, 7};
  const int8x32 pulling = (number == 0) & (pulls ? -1 : 0);
  const int8x32 active = (number < used) & (square > 0.0f);
  const float8 top =
      (float8)(((int8x32)(-2.0f * a * b * raised) & pulling) |
               ((int8x32)((float8){0} + 2.0f * b) & ~pulling));
  const float8 offset = (float8)((int8x32)((float8){0} + 0.001f) & ~pulling);
  float8 factor = top / ((offset + square) * (a * raised + 1.0f));
  factor = (float8)((int8x32)factor & active);
  for (int64_t axis = 0; axis < dimensions; ++axis) {
    float8 place;
    for (int lane = 0; lane < lanes; ++lane) place[lane] = places[lane][axis];
    float8 part = (point[axis] - place) * factor;
    const int8x32 below = part < -4.0f, above = part > 4.0f;
    part = (float8)(((int8x32)part & ~below & ~above) | ((int8x32)((float8){0} - 4.0f) & below) |
                    ((int8x32)((float8){0} + 4.0f) & above));
    pulled[axis] = pulls ? part[0] * layout->step : 0;
    const float sum = ((part[0] + part[4]) + (part[1] + part[5])) +
                      ((part[2] + part[6]) + (part[3] + part[7]));
    point[axis] += sum * layout->step;
  }
}

ALWAYS_INLINE void layout_rows_body(
    const cytoself_layout *layout, int64_t dimensions, int64_t first, int64_t last, float now,
    uint64_t random) {
  float point[64], pulled[64];
  const float *places[lanes];
  for (int64_t row = first; row < last; ++row) {
    float *own = layout->points + row * dimensions;
    for (int64_t axis = 0; axis < dimensions; ++axis) point[axis] = own[axis];
    for (int64_t edge = layout->starts[row]; edge < layout->starts[row + 1]; ++edge) {
      while (layout->next_pull[edge] <= now) {
        const int64_t other = layout->columns[edge];
        const int inside = layout->moves_others && other >= first && other < last;
        int pushes = (int)((now - layout->next_push[edge]) / layout->push_interval[edge]);
        if (pushes < 0) pushes = 0;
        layout->next_push[edge] += (float)pushes * layout->push_interval[edge];
        layout->next_pull[edge] += layout->pull_interval[edge];
        int pulls = 1;
        do {
          int used = 0;
          if (pulls) places[used++] = (inside ? layout->points : layout->others) + other * dimensions;
          uint64_t bits = 0;
          for (int drawn = 0; used < lanes && pushes > 0; --pushes, ++drawn) {
            bits = drawn % 2 == 0 ? next_random(&random) : bits >> 32;
            const int64_t pushing = (int64_t)(((bits & 0xFFFFFFFFu) * layout->other_count) >> 32);
            if (layout->moves_others && pushing == row) continue;
            const int here = layout->moves_others && pushing >= first && pushing < last;
            places[used++] = (here ? layout->points : layout->others) + pushing * dimensions;
          }
          for (int lane = used; lane < lanes; ++lane) places[lane] = own;
          move(layout, dimensions, places, used, pulls, point, pulled);
          if (pulls && inside && other != row) {
            float *moved = layout->points + other * dimensions;
            for (int64_t axis = 0; axis < dimensions; ++axis) moved[axis] -= pulled[axis];
          }
          pulls = 0;
        } while (pushes > 0);
      }
    }
    for (int64_t axis = 0; axis < dimensions; ++axis) own[axis] = point[axis];
  }
}

#define LAYOUT_ROWS(NAME, ATTRIBUTE)                                                             \
  ATTRIBUTE static void NAME(                                                                    \
      const cytoself_layout *layout, int64_t first, int64_t last, float now, uint64_t random) {  \
    if (layout->dimensions == 2) {                                                               \
      layout_rows_body(layout, 2, first, last, now, random);                                     \
    } else {                                                                                     \
      layout_rows_body(layout, layout->dimensions, first, last, now, random);                    \
    }                                                                                            \
  }

#ifdef HAS_WIDE_VARIANT
LAYOUT_ROWS(layout_rows_wide, WIDE)
#endif
LAYOUT_ROWS(layout_rows_plain, )

void cytoself_layout_rows(
    const cytoself_layout *layout, int64_t first, int64_t last, float now, uint64_t random) {
#ifdef HAS_WIDE_VARIANT
  if (cytoself_processor_is_wide()) {
    layout_rows_wide(layout, first, last, now, random);
    return;
  }
#endif
  layout_rows_plain(layout, first, last, now, random);
}
