// For every pair of rows a sum over columns, in double precision: of products, or of squared
// differences. A tile of rows stays in registers, a chunk of columns of a block of rows in cache.
#include "Dispatch.h"

typedef double doubles4 __attribute__((vector_size(32), aligned(8)));
typedef double doubles8 __attribute__((vector_size(64), aligned(8)));

enum { chunk_columns = 256 };

/// Adds the sums of one tile of ROWS x OTHERS rows, in lanes that are added up in the end: the order is
/// the same for every pair. Rows past the end are those of the last one and are not written.
#define SUM_PAIRS(NAME, VECTOR, ROWS, OTHERS, ATTRIBUTE)                                           \
  ATTRIBUTE static void NAME(                                                                      \
      const double *a, int64_t a_rows, const double *b, int64_t b_rows, int64_t columns, int differs, \
      double *sums, int64_t stride) {                                                              \
    enum { lanes = sizeof(VECTOR) / sizeof(double) };                                              \
    for (int64_t first = 0; first < columns; first += chunk_columns) {                             \
      const int64_t last = first + chunk_columns < columns ? first + chunk_columns : columns;      \
      for (int64_t i = 0; i < a_rows; i += ROWS) {                                                 \
        for (int64_t j = 0; j < b_rows; j += OTHERS) {                                             \
          const double *left[ROWS], *right[OTHERS];                                                \
          VECTOR found[ROWS][OTHERS];                                                              \
          for (int r = 0; r < ROWS; ++r) {                                                         \
            left[r] = a + (i + r < a_rows ? i + r : a_rows - 1) * columns;                         \
            for (int c = 0; c < OTHERS; ++c) found[r][c] = (VECTOR){0};                            \
          }                                                                                        \
          for (int c = 0; c < OTHERS; ++c)                                                         \
            right[c] = b + (j + c < b_rows ? j + c : b_rows - 1) * columns;                        \
          if (differs) {                                                                           \
            for (int64_t k = first; k < last; k += lanes) {                                        \
              _Pragma("clang loop unroll(full)") for (int r = 0; r < ROWS; ++r) {                  \
                const VECTOR mine = *(const VECTOR *)(left[r] + k);                                \
                _Pragma("clang loop unroll(full)") for (int c = 0; c < OTHERS; ++c) {              \
                  const VECTOR apart = mine - *(const VECTOR *)(right[c] + k);                     \
                  found[r][c] += apart * apart;                                                    \
                }                                                                                  \
              }                                                                                    \
            }                                                                                      \
          } else {                                                                                 \
            for (int64_t k = first; k < last; k += lanes) {                                        \
              _Pragma("clang loop unroll(full)") for (int r = 0; r < ROWS; ++r) {                  \
                const VECTOR mine = *(const VECTOR *)(left[r] + k);                                \
                _Pragma("clang loop unroll(full)") for (int c = 0; c < OTHERS; ++c)                \
                    found[r][c] += mine * *(const VECTOR *)(right[c] + k);                         \
              }                                                                                    \
            }                                                                                      \
          }                                                                                        \
          for (int r = 0; r < ROWS && i + r < a_rows; ++r) {                                       \
            for (int c = 0; c < OTHERS && j + c < b_rows; ++c) {                                   \
              double sum = 0;                                                                      \
              for (int lane = 0; lane < lanes; ++lane) sum += found[r][c][lane];                   \
              double *target = sums + (i + r) * stride + j + c;                                    \
              *target = first == 0 ? sum : *target + sum;                                          \
            }                                                                                      \
          }                                                                                        \
        }                                                                                          \
      }                                                                                            \
    }                                                                                              \
  }

#ifdef HAS_X86_VARIANTS
SUM_PAIRS(sum_pairs_avx512, doubles8, 4, 4, FOR_AVX512)
SUM_PAIRS(sum_pairs_avx2, doubles4, 4, 2, FOR_AVX2)
#endif
SUM_PAIRS(sum_pairs_portable, doubles4, 2, 2, )

void cytoself_pair_sums(
    const double *a, int64_t a_rows, const double *b, int64_t b_rows, int64_t columns, int differs,
    double *sums, int64_t stride) {
#ifdef HAS_X86_VARIANTS
  if (uses_avx512()) {
    sum_pairs_avx512(a, a_rows, b, b_rows, columns, differs, sums, stride);
    return;
  }
  if (uses_avx2()) {
    sum_pairs_avx2(a, a_rows, b, b_rows, columns, differs, sums, stride);
    return;
  }
#endif
  sum_pairs_portable(a, a_rows, b, b_rows, columns, differs, sums, stride);
}
