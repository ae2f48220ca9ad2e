// Products of small matrices that lie in the caches, compiled for one instruction set.
// c[r][v] (+)= sum over k of a[r * a_row + k * a_step] * b[k * b_step + v], for `row_count` rows and
// `vectors` vectors: the accumulators stay in registers.
template <int row_count, int vectors>
CT_INLINE void product_block(const float *a, int64_t a_row, int64_t a_step, const float *b,
                             int64_t b_step, int64_t depth, float *c, int64_t c_row,
                             bool accumulates) {
  vec sums[row_count][vectors];
  for (int r = 0; r < row_count; r++)
    for (int v = 0; v < vectors; v++) {
      sums[r][v] = vec{};
      if (accumulates) load(sums[r][v], c + r * c_row + v * lanes);
    }
  for (int64_t k = 0; k < depth; k++) {
    vec column[vectors];
    for (int v = 0; v < vectors; v++) load(column[v], b + k * b_step + v * lanes);
    for (int r = 0; r < row_count; r++) {
      const float value = a[r * a_row + k * a_step];
      for (int v = 0; v < vectors; v++) sums[r][v] += value * column[v];
    }
  }
  for (int r = 0; r < row_count; r++)
    for (int v = 0; v < vectors; v++) store(c + r * c_row + v * lanes, sums[r][v]);
}

// The product for all rows (a multiple of CT_ACCUMULATORS) and columns (a multiple of lanes).
static void product(const float *a, int64_t a_row, int64_t a_step, const float *b, int64_t b_step,
                    int64_t depth, float *c, int64_t c_row, int64_t rows, int64_t columns,
                    bool accumulates) {
  constexpr int height = CT_ACCUMULATORS;
  for (int64_t column = 0; column < columns;) {
    if (column + 2 * lanes <= columns) {
      for (int64_t row = 0; row < rows; row += height)
        product_block<height, 2>(a + row * a_row, a_row, a_step, b + column, b_step, depth,
                                 c + row * c_row + column, c_row, accumulates);
      column += 2 * lanes;
    } else {
      for (int64_t row = 0; row < rows; row += height)
        product_block<height, 1>(a + row * a_row, a_row, a_step, b + column, b_step, depth,
                                 c + row * c_row + column, c_row, accumulates);
      column += lanes;
    }
  }
}
