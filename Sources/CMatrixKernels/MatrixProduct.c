// A blocked matrix product: both operands are packed into panels that stay in cache, and a register
// kernel of 6 x 16, or 6 x 32 with AVX-512, works on the panels (the scheme of Goto and van de Geijn, "Anatomy of
// High-Performance Matrix Multiplication", 2008).
#include "Dispatch.h"

enum { tile_rows = 6, most_columns = 32, block_rows = 192, block_columns = 512, block_inner = 256 };

int64_t cytoself_matrix_workspace(void) {
  return (int64_t)(block_rows + tile_rows + block_columns + most_columns) * block_inner + 64;
}

/// Packs `count` lines of `inner` elements into panels of `width` lines, padded with zeros.
static void pack(
    const float *values, int64_t line_stride, int64_t inner_stride, int64_t count, int64_t inner,
    int64_t width, float *packed) {
  for (int64_t first = 0; first < count; first += width) {
    const int64_t present = count - first < width ? count - first : width;
    for (int64_t line = 0; line < present; ++line) {
      const float *source = values + (first + line) * line_stride;
      float *target = packed + line;
      for (int64_t i = 0; i < inner; ++i) target[i * width] = source[i * inner_stride];
    }
    for (int64_t line = present; line < width; ++line) {
      for (int64_t i = 0; i < inner; ++i) packed[i * width + line] = 0;
    }
    packed += inner * width;
  }
}

/// tile[6][columns of two vectors] = a panel times a panel. Twelve accumulators of a vector each fill
/// the registers.
#define MULTIPLY_PANELS(NAME, VECTOR, ATTRIBUTE)                                          \
  ATTRIBUTE static void NAME(int64_t inner, const float *a, const float *b, float *tile) { \
    enum { lanes = sizeof(VECTOR) / sizeof(float) };                                      \
    VECTOR sums[tile_rows][2];                                                            \
    for (int i = 0; i < tile_rows; ++i) sums[i][0] = sums[i][1] = (VECTOR){0};            \
    for (int64_t k = 0; k < inner; ++k) {                                                 \
      const VECTOR left = *(const VECTOR *)(b + k * 2 * lanes);                           \
      const VECTOR right = *(const VECTOR *)(b + k * 2 * lanes + lanes);                  \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < tile_rows; ++i) {            \
        const float scalar = a[k * tile_rows + i];                                        \
        sums[i][0] += left * scalar;                                                      \
        sums[i][1] += right * scalar;                                                     \
      }                                                                                   \
    }                                                                                     \
    for (int i = 0; i < tile_rows; ++i) {                                                 \
      *(VECTOR *)(tile + i * 2 * lanes) = sums[i][0];                                     \
      *(VECTOR *)(tile + i * 2 * lanes + lanes) = sums[i][1];                             \
    }                                                                                     \
  }

#ifdef HAS_X86_VARIANTS
MULTIPLY_PANELS(multiply_panels_avx512, floats16, FOR_AVX512)
MULTIPLY_PANELS(multiply_panels_avx2, floats8, FOR_AVX2)
#endif
MULTIPLY_PANELS(multiply_panels_portable, floats8, )

void cytoself_matrix_product(
    int64_t rows, int64_t columns, int64_t inner, cytoself_matrix_view a, cytoself_matrix_view b,
    float *product, int64_t product_row_stride, int accumulate, float *workspace) {
  void (*multiply_panels)(int64_t, const float *, const float *, float *) = multiply_panels_portable;
  int64_t tile_columns = 16;
#ifdef HAS_X86_VARIANTS
  if (uses_avx2()) multiply_panels = multiply_panels_avx2;
  if (uses_avx512()) {
    multiply_panels = multiply_panels_avx512;
    tile_columns = 32;
  }
#endif
  float *packed_a = workspace;
  float *packed_b = workspace + (block_rows + tile_rows) * block_inner;
  float tile[tile_rows * most_columns];

  if (inner == 0 && !accumulate) {
    for (int64_t i = 0; i < rows; ++i) {
      for (int64_t j = 0; j < columns; ++j) product[i * product_row_stride + j] = 0;
    }
  }
  for (int64_t j0 = 0; j0 < columns; j0 += block_columns) {
    const int64_t width = columns - j0 < block_columns ? columns - j0 : block_columns;
    for (int64_t k0 = 0; k0 < inner; k0 += block_inner) {
      const int64_t depth = inner - k0 < block_inner ? inner - k0 : block_inner;
      const int adds = accumulate || k0 > 0;
      pack(
          b.values + k0 * b.row_stride + j0 * b.column_stride, b.column_stride, b.row_stride, width,
          depth, tile_columns, packed_b);
      for (int64_t i0 = 0; i0 < rows; i0 += block_rows) {
        const int64_t height = rows - i0 < block_rows ? rows - i0 : block_rows;
        pack(
            a.values + i0 * a.row_stride + k0 * a.column_stride, a.row_stride, a.column_stride,
            height, depth, tile_rows, packed_a);
        for (int64_t j = 0; j < width; j += tile_columns) {
          const int64_t present_columns = width - j < tile_columns ? width - j : tile_columns;
          for (int64_t i = 0; i < height; i += tile_rows) {
            const int64_t present_rows = height - i < tile_rows ? height - i : tile_rows;
            multiply_panels(depth, packed_a + i * depth, packed_b + j * depth, tile);
            for (int64_t r = 0; r < present_rows; ++r) {
              float *target = product + (i0 + i + r) * product_row_stride + j0 + j;
              const float *source = tile + r * tile_columns;
              if (adds) {
                for (int64_t c = 0; c < present_columns; ++c) target[c] += source[c];
              } else {
                for (int64_t c = 0; c < present_columns; ++c) target[c] = source[c];
              }
            }
          }
        }
      }
    }
  }
}
