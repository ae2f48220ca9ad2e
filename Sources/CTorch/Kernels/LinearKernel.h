// Linear layers of few rows and many weights, compiled for one instruction set. What counts is that
// the weight, which is far larger than the caches, passes by once and in order.
#include "ProductKernel.h"

// sums[o][row] += w[o] * x[row] lane by lane over `count` inputs, for `height` outputs and rows.
template <int height>
CT_INLINE void add_dots(const float *x, const float *w, int64_t inputs, int64_t count, vec *sums,
                        int64_t rows) {
  vec totals[4][height];
  for (int o = 0; o < 4; o++)
    for (int r = 0; r < height; r++) totals[o][r] = sums[o * rows + r];
  for (int64_t k = 0; k < count; k += lanes) {
    vec values[height];
    for (int r = 0; r < height; r++) load(values[r], x + r * inputs + k);
    for (int o = 0; o < 4; o++) {
      vec weight;
      load(weight, w + o * inputs + k);
      for (int r = 0; r < height; r++) totals[o][r] += weight * values[r];
    }
  }
  for (int o = 0; o < 4; o++)
    for (int r = 0; r < height; r++) sums[o * rows + r] = totals[o][r];
}

// Outputs `first ..< last`, a multiple of 4, of every row; `scratch` holds a vector for each.
static void find_outputs(const LinearShape &shape, const float *x, const float *w,
                         const float *bias, int64_t first, int64_t last, float *scratch, float *y) {
  constexpr int height = CT_ACCUMULATORS / 2;
  const int64_t inputs = shape.inputs, rows = shape.rows;
  vec *sums = reinterpret_cast<vec *>(scratch);
  for (int64_t i = 0; i < (last - first) * rows; i++) sums[i] = vec{};
  for (int64_t k = 0; k < inputs; k += stretch) {
    const int64_t count = inputs - k < stretch ? inputs - k : stretch;
    for (int64_t o = first; o < last; o += 4)
      for (int64_t row = 0; row < rows; row += height)
        add_dots<height>(x + row * inputs + k, w + o * inputs + k, inputs, count,
                         sums + (o - first) * rows + row, rows);
  }
  for (int64_t o = first; o < last; o++)
    for (int64_t row = 0; row < rows; row++) {
      const vec partial = sums[(o - first) * rows + row];
      float total = bias == nullptr ? 0.0f : bias[o];
      for (int64_t i = 0; i < lanes; i++) total += partial[i];
      y[row * shape.outputs + o] = total;
    }
}

// The gradient of inputs `first ..< last` of every row: a few outputs at a time, whose weights are
// as many streams of memory as a processor follows.
static void find_input_gradient(const LinearShape &shape, const float *dy, const float *w,
                                int64_t first, int64_t last, float *dx) {
  constexpr int64_t streams = 16;
  for (int64_t k = first; k < last; k += stretch) {
    const int64_t count = last - k < stretch ? last - k : stretch;
    for (int64_t o = 0; o < shape.outputs; o += streams) {
      const int64_t depth = shape.outputs - o < streams ? shape.outputs - o : streams;
      product(dy + o, shape.outputs, 1, w + o * shape.inputs + k, shape.inputs, depth, dx + k,
              shape.inputs, shape.rows, count, /*accumulates=*/o > 0);
    }
  }
}

// The gradient of the weights of outputs `first ..< last`, a multiple of 8.
static void find_weight_gradient(const LinearShape &shape, const float *x, const float *dy,
                                 int64_t first, int64_t last, float *dw) {
  for (int64_t k = 0; k < shape.inputs; k += stretch) {
    const int64_t count = shape.inputs - k < stretch ? shape.inputs - k : stretch;
    for (int64_t o = first; o < last; o += 8)
      product(dy + o, 1, shape.outputs, x + k, shape.inputs, shape.rows, dw + o * shape.inputs + k,
              shape.inputs, 8, count, /*accumulates=*/false);
  }
}
