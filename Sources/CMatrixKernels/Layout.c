// One epoch of UMAP's layout for a block of rows: each due edge pulls its row and random points push
// it, for sixteen edges of different rows at once.
//
// Rounding is the same for every set of instructions: products and sums are never fused here.
#include "Dispatch.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

enum { lanes = 16, most_dimensions = 64 };

typedef _Bool bools16 __attribute__((ext_vector_type(16)));
typedef uint32_t words16 __attribute__((vector_size(64), aligned(4)));
typedef uint64_t longs16 __attribute__((vector_size(128), aligned(8)));
typedef double doubles8 __attribute__((vector_size(64), aligned(8)));

/// `value` where the mask is set, else `other`.
#define SELECT(mask, value, other) \
  ((floats16)(((ints16)(value) & (mask)) | ((ints16)(other) & ~(mask))))
#define ALL(value) ((floats16){0} + (value))

/// x to the power b for x above 0, relative error below 1e-4 for exponents up to 1: the exponent's bits
/// and a polynomial for the mantissa's log2, another for the fraction of 2^y.
ALWAYS_INLINE void raise(const floats16 *x, float b, floats16 *result) {
  const ints16 bits = (ints16)*x - 0x3F3504F3;  // sqrt(1/2): mantissas in [sqrt(1/2), sqrt(2))
  const floats16 exponent = __builtin_convertvector(bits >> 23, floats16);
  const floats16 m = (floats16)((bits & 0x007FFFFF) + 0x3F3504F3) - 1.0f;
  const floats16 square = m * m;
  const floats16 log2 = m * 1.44257801f + square * (-0.720241796f + m * 0.486686168f + square * (-0.394575483f + m * 0.252660328f));
  floats16 y = b * (exponent + log2);
  y = SELECT(y < -126.0f, ALL(-126.0f), y);
  y = SELECT(y > 126.0f, ALL(126.0f), y);
  const floats16 whole = (y + 12582912.0f) - 12582912.0f;
  const floats16 part = y - whole;
  const floats16 power = 0.999928073f + part * 0.693260986f + part * part * (0.242611131f + part * 0.0551716694f);
  const ints16 scale = (__builtin_convertvector(whole, ints16) + 127) << 23;
  *result = power * (floats16)scale;
}

/// The seeds of sixteen generators of random numbers, from one.
ALWAYS_INLINE void seed_lanes(uint64_t seed, words16 *state) {
  for (int lane = 0; lane < lanes; ++lane) {
    uint64_t mixed = seed += 0x9E3779B97F4A7C15u;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
    // A generator of this kind stays at 0 for ever.
    (*state)[lane] = (uint32_t)(mixed >> 32) | 1u;
  }
}

/// Sixteen random numbers below `bound` (xorshift: G. Marsaglia, 2003).
ALWAYS_INLINE void draw(words16 *state, uint64_t bound, ints16 *drawn) {
  words16 bits = *state;
  bits ^= bits << 13;
  bits ^= bits >> 17;
  bits ^= bits << 5;
  *state = bits;
  *drawn = __builtin_convertvector((__builtin_convertvector(bits, longs16) * bound) >> 32, ints16);
}

/// places[axis][lane] = points[rows[lane]][axis]
ALWAYS_INLINE void gather(
    const float *points, int64_t dimensions, const ints16 *rows, floats16 *places) {
  if (dimensions == 2) {
    doubles8 first, last;
#pragma clang loop unroll(full)
    for (int lane = 0; lane < lanes / 2; ++lane) {
      double pair;
      memcpy(&pair, points + 2 * (int64_t)(*rows)[lane], sizeof pair);
      first[lane] = pair;
      memcpy(&pair, points + 2 * (int64_t)(*rows)[lane + lanes / 2], sizeof pair);
      last[lane] = pair;
    }
    const floats16 low = (floats16)first, high = (floats16)last;
    places[0] = __builtin_shufflevector(
        low, high, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    places[1] = __builtin_shufflevector(
        low, high, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    return;
  }
  for (int64_t axis = 0; axis < dimensions; ++axis) {
#pragma clang loop unroll(full)
    for (int lane = 0; lane < lanes; ++lane) {
      places[axis][lane] = points[(*rows)[lane] * dimensions + axis];
    }
  }
}

/// Adds to `moves` what the points at `rows` do to those at `from`, where the mask is set.
ALWAYS_INLINE void add_force(
    const cytoself_layout *layout, int64_t dimensions, const floats16 *from, const ints16 *rows,
    const ints16 *mask, int pulls, floats16 *moves) {
  floats16 places[most_dimensions];
  gather(layout->others, dimensions, rows, places);
  floats16 square = {0};
  for (int64_t axis = 0; axis < dimensions; ++axis) {
    places[axis] = from[axis] - places[axis];
    square += places[axis] * places[axis];
  }
  floats16 raised;
  raise(&square, layout->b, &raised);
  const float a = layout->a, b = layout->b;
  floats16 factor = pulls ? (-2.0f * a * b * raised) / (square * (a * raised + 1.0f))
                         : (2.0f * b) / ((square + 0.001f) * (a * raised + 1.0f));
  factor = (floats16)((ints16)factor & *mask & (square > 0.0f));
  for (int64_t axis = 0; axis < dimensions; ++axis) {
    floats16 part = places[axis] * factor;
    part = SELECT(part < -4.0f, ALL(-4.0f), part);
    moves[axis] += SELECT(part > 4.0f, ALL(4.0f), part);
  }
}

/// Lists the edges that are due, the row and what pulls it for each, and sets when they are due next.
ALWAYS_INLINE int64_t list_due(
    const cytoself_layout *layout, int64_t first, int64_t last, float now, int32_t *rows,
    int32_t *pulling) {
  int64_t count = 0;
  int64_t edge = first;
  for (; edge + lanes <= last; edge += lanes) {
    floats16 *next = (floats16 *)(layout->next_pull + edge);
    const ints16 due = *next <= now;
    *next += (floats16)(due & *(const ints16 *)(layout->pull_interval + edge));
    const bools16 flags = __builtin_convertvector(due, bools16);
    uint16_t bits;
    memcpy(&bits, &flags, sizeof bits);
    for (; bits; bits &= bits - 1) {
      const int64_t found = edge + __builtin_ctz(bits);
      rows[count] = layout->rows[found];
      pulling[count++] = layout->columns[found];
    }
  }
  for (; edge < last; ++edge) {
    if (layout->next_pull[edge] > now) continue;
    layout->next_pull[edge] += layout->pull_interval[edge];
    rows[count] = layout->rows[edge];
    pulling[count++] = layout->columns[edge];
  }
  return count;
}

ALWAYS_INLINE void layout_edges_body(
    const cytoself_layout *layout, int64_t dimensions, int64_t first, int64_t last, float now,
    uint64_t random, int32_t *due) {
  int32_t *rows = due;
  int32_t *pulling = due + (last - first) + lanes;
  const int64_t count = list_due(layout, first, last, now, rows, pulling);
  // What fills up the last sixteen is computed and thrown away.
  for (int lane = 0; lane < lanes; ++lane) rows[count + lane] = pulling[count + lane] = 0;
  words16 state;
  seed_lanes(random, &state);
  const ints16 everywhere = (ints16){0} - 1;
  floats16 from[most_dimensions], moves[most_dimensions];
  int64_t pushed = 0;
  for (int64_t start = 0, turn = 1; start < count; start += lanes, ++turn) {
    const ints16 own = *(const ints16 *)(rows + start);
    const ints16 other = *(const ints16 *)(pulling + start);
    gather(layout->points, dimensions, &own, from);
    for (int64_t axis = 0; axis < dimensions; ++axis) moves[axis] = (floats16){0};
    add_force(layout, dimensions, from, &other, &everywhere, 1, moves);
    // A rate that is not whole alternates between its neighbours.
    for (const int64_t end = (int64_t)((double)turn * layout->pushes); pushed < end; ++pushed) {
      ints16 pushing;
      draw(&state, (uint64_t)layout->other_count, &pushing);
      const ints16 another = layout->moves_others ? pushing != own : everywhere;
      add_force(layout, dimensions, from, &pushing, &another, 0, moves);
    }
    const int64_t present = count - start < lanes ? count - start : lanes;
    for (int64_t axis = 0; axis < dimensions; ++axis) moves[axis] *= layout->step;
    // One after another: two edges of a row may be here.
    for (int64_t lane = 0; lane < present; ++lane) {
      float *point = layout->points + own[lane] * dimensions;
      for (int64_t axis = 0; axis < dimensions; ++axis) point[axis] += moves[axis][lane];
    }
  }
}

int64_t cytoself_layout_room(int64_t edges) { return 2 * (edges + lanes); }

#define LAYOUT_EDGES(NAME, ATTRIBUTE)                                                            \
  ATTRIBUTE static void NAME(                                                                   \
      const cytoself_layout *layout, int64_t first, int64_t last, float now, uint64_t random,   \
      int32_t *due) {                                                                           \
    if (layout->dimensions == 2) {                                                              \
      layout_edges_body(layout, 2, first, last, now, random, due);                               \
    } else if (layout->dimensions == 3) {                                                       \
      layout_edges_body(layout, 3, first, last, now, random, due);                               \
    } else {                                                                                    \
      layout_edges_body(layout, layout->dimensions, first, last, now, random, due);              \
    }                                                                                           \
  }

#ifdef HAS_X86_VARIANTS
LAYOUT_EDGES(layout_edges_avx512, FOR_AVX512)
LAYOUT_EDGES(layout_edges_avx2, FOR_AVX2)
#endif
LAYOUT_EDGES(layout_edges_portable, )

void cytoself_layout_edges(
    const cytoself_layout *layout, int64_t first, int64_t last, float now, uint64_t random,
    int32_t *due) {
#ifdef HAS_X86_VARIANTS
  if (uses_avx512()) {
    layout_edges_avx512(layout, first, last, now, random, due);
    return;
  }
  if (uses_avx2()) {
    layout_edges_avx2(layout, first, last, now, random, due);
    return;
  }
#endif
  layout_edges_portable(layout, first, last, now, random, due);
}
