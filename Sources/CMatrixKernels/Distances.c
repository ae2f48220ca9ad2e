// What follows the product in a search by squared distance |x|^2 + |y|^2 - 2 x.y: the scan for
// candidates, and the distance computed anew from the differences, which does not cancel.
#include "Dispatch.h"

ALWAYS_INLINE float sum_lanes(const floats8 *lanes) {
  const floats8 s = *lanes;
  return ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]));
}

ALWAYS_INLINE int64_t scan_body(
    float *products, int64_t columns, float row_norm, const float *column_norms, float row_limit,
    const float *column_limits, int32_t *hits) {
  int64_t count = 0;
  int64_t j = 0;
  for (; j + 8 <= columns; j += 8) {
    floats8 value = *(const floats8 *)(column_norms + j) + row_norm;
    value -= 2.0f * *(const floats8 *)(products + j);
    value = (floats8)((ints8)value & (value > 0.0f));
    *(floats8 *)(products + j) = value;
    const ints8 hit = (value <= row_limit) | (value <= *(const floats8 *)(column_limits + j));
    const int32_t any = hit[0] | hit[1] | hit[2] | hit[3] | hit[4] | hit[5] | hit[6] | hit[7];
    if (any) {
      for (int lane = 0; lane < 8; ++lane) {
        hits[count] = (int32_t)(j + lane);
        count -= hit[lane];
      }
    }
  }
  for (; j < columns; ++j) {
    float value = column_norms[j] + row_norm - 2.0f * products[j];
    value = value > 0.0f ? value : 0.0f;
    products[j] = value;
    if (value <= row_limit || value <= column_limits[j]) hits[count++] = (int32_t)j;
  }
  return count;
}

ALWAYS_INLINE float distance_body(const float *a, const float *b, int64_t count) {
  floats8 sums = {0};
  int64_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const floats8 difference = *(const floats8 *)(a + i) - *(const floats8 *)(b + i);
    sums += difference * difference;
  }
  float sum = sum_lanes(&sums);
  for (; i < count; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

ALWAYS_INLINE float dot_body(const float *a, const float *b, int64_t count) {
  floats8 sums = {0};
  int64_t i = 0;
  for (; i + 8 <= count; i += 8) sums += *(const floats8 *)(a + i) * *(const floats8 *)(b + i);
  float sum = sum_lanes(&sums);
  for (; i < count; ++i) sum += a[i] * b[i];
  return sum;
}

#ifdef HAS_X86_VARIANTS
FOR_AVX2 static int64_t scan_avx2(
    float *products, int64_t columns, float row_norm, const float *column_norms, float row_limit,
    const float *column_limits, int32_t *hits) {
  return scan_body(products, columns, row_norm, column_norms, row_limit, column_limits, hits);
}
FOR_AVX2 static float distance_avx2(const float *a, const float *b, int64_t count) {
  return distance_body(a, b, count);
}
FOR_AVX2 static float dot_avx2(const float *a, const float *b, int64_t count) {
  return dot_body(a, b, count);
}
#endif

int64_t cytoself_scan_distances(
    float *products, int64_t columns, float row_norm, const float *column_norms, float row_limit,
    const float *column_limits, int32_t *hits) {
#ifdef HAS_X86_VARIANTS
  if (uses_avx2()) {
    return scan_avx2(products, columns, row_norm, column_norms, row_limit, column_limits, hits);
  }
#endif
  return scan_body(products, columns, row_norm, column_norms, row_limit, column_limits, hits);
}

float cytoself_squared_distance(const float *a, const float *b, int64_t count) {
#ifdef HAS_X86_VARIANTS
  if (uses_avx2()) return distance_avx2(a, b, count);
#endif
  return distance_body(a, b, count);
}

float cytoself_dot(const float *a, const float *b, int64_t count) {
#ifdef HAS_X86_VARIANTS
  if (uses_avx2()) return dot_avx2(a, b, count);
#endif
  return dot_body(a, b, count);
}
