// Winograd's convolution, compiled for one instruction set: F(4x4, 3x3) of Lavin and Gray 2016.
//
// An output tile of 4x4 pixels is Y = A' [ (G g G') * (B' d B) ] A of a filter g and the 6x6 input
// pixels d around it: 36 products for a tile and pair of channels where the direct way needs 144.
// The sum over input channels makes each of the 36 positions a matrix product over tiles.
#include "ProductKernel.h"

// B' of six values: a row or column of an input tile.
CT_INLINE void input_transform(vec (&t)[6], const vec (&d)[6]) {
  const vec even = d[4] - 4.0f * d[2], odd = d[3] - 4.0f * d[1];
  const vec far = d[4] - d[2], near = 2.0f * (d[3] - d[1]);
  t[0] = 4.0f * d[0] - 5.0f * d[2] + d[4];
  t[1] = even + odd;
  t[2] = even - odd;
  t[3] = far + near;
  t[4] = far - near;
  t[5] = 4.0f * d[1] - 5.0f * d[3] + d[5];
}

// A' of six values: a row or column of an output tile.
CT_INLINE void output_transform(vec (&y)[4], const vec (&m)[6]) {
  const vec s1 = m[1] + m[2], d1 = m[1] - m[2], s2 = m[3] + m[4], d2 = m[3] - m[4];
  y[0] = m[0] + s1 + s2;
  y[1] = d1 + 2.0f * d2;
  y[2] = s1 + 4.0f * s2;
  y[3] = d1 + 8.0f * d2 + m[5];
}

// A of four values: the adjoint of the output's transform, for gradients.
CT_INLINE void gradient_transform(vec (&e)[6], const vec (&y)[4]) {
  const vec s1 = y[0] + y[2], d1 = y[1] + y[3];
  const vec s2 = y[0] + 4.0f * y[2], d2 = 2.0f * y[1] + 8.0f * y[3];
  e[0] = y[0];
  e[1] = s1 + d1;
  e[2] = s1 - d1;
  e[3] = s2 + d2;
  e[4] = s2 - d2;
  e[5] = y[3];
}

// Where a tile's pixels are: outside the image they are `zeros`.
template <int side>
CT_INLINE void tile_pixels(const float *(&pixels)[side * side], const float *image, int64_t height,
                           int64_t width, int64_t channels, int64_t top, int64_t left,
                           const float *zeros) {
  for (int64_t i = 0; i < side; i++) {
    const int64_t y = top + i;
    for (int64_t j = 0; j < side; j++) {
      const int64_t x = left + j;
      const bool inside = y >= 0 && y < height && x >= 0 && x < width;
      pixels[i * side + j] = inside ? image + (y * width + x) * channels : zeros;
    }
  }
}

// The 36 transformed values of every channel of an input tile, to `out[position * stride + c]`.
static void transform_input_tile(float *out, int64_t stride, const float *const (&pixels)[36],
                                 int64_t channels) {
  for (int64_t c = 0; c < channels; c += lanes) {
    vec rows[6][6];
#pragma clang loop unroll(full)
    for (int j = 0; j < 6; j++) {
      vec d[6], t[6];
      for (int i = 0; i < 6; i++) load(d[i], pixels[i * 6 + j] + c);
      input_transform(t, d);
      for (int i = 0; i < 6; i++) rows[i][j] = t[i];
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 6; i++) {
      vec t[6];
      input_transform(t, rows[i]);
      for (int j = 0; j < 6; j++) store(out + (i * 6 + j) * stride + c, t[j]);
    }
  }
}

// The same of the gradient of an output tile.
static void transform_gradient_tile(float *out, int64_t stride, const float *const (&pixels)[16],
                                    int64_t channels) {
  for (int64_t c = 0; c < channels; c += lanes) {
    vec rows[6][4];
#pragma clang loop unroll(full)
    for (int j = 0; j < 4; j++) {
      vec y[4], e[6];
      for (int i = 0; i < 4; i++) load(y[i], pixels[i * 4 + j] + c);
      gradient_transform(e, y);
      for (int i = 0; i < 6; i++) rows[i][j] = e[i];
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 6; i++) {
      vec e[6];
      gradient_transform(e, rows[i]);
      for (int j = 0; j < 6; j++) store(out + (i * 6 + j) * stride + c, e[j]);
    }
  }
}

// An output tile from its 36 products, cut at the image's edge.
static void transform_output_tile(float *image, int64_t width, int64_t channels, int64_t rows,
                                  int64_t columns, const float *products, int64_t stride,
                                  const float *bias) {
  for (int64_t c = 0; c < channels; c += lanes) {
    vec half[4][6];
#pragma clang loop unroll(full)
    for (int j = 0; j < 6; j++) {
      vec m[6], y[4];
      for (int i = 0; i < 6; i++) load(m[i], products + (i * 6 + j) * stride + c);
      output_transform(y, m);
      for (int i = 0; i < 4; i++) half[i][j] = y[i];
    }
    vec shift = {};
    if (bias != nullptr) load(shift, bias + c);
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
      vec y[4];
      output_transform(y, half[i]);
      if (i >= rows) break;
      for (int j = 0; j < 4; j++) {
        if (j < columns) store(image + (i * width + j) * channels + c, y[j] + shift);
      }
    }
  }
}

// The tiles `first ..< last` of a convolution.
static void convolve_tiles(const WinogradShape &shape, const float *input, const float *filter,
                           const float *bias, float *output, int64_t first, int64_t last,
                           float *scratch) {
  const int64_t block = shape.block, ci = shape.inputs, co = shape.outputs;
  const int64_t in_stride = shape.position_stride(ci), out_stride = shape.position_stride(co);
  float *transformed = scratch, *products = scratch + 36 * in_stride;
  const float *zeros = shape.zeros;
  for (int64_t start = first; start < last; start += block) {
    const int64_t count = last - start < block ? last - start : block;
    for (int64_t t = 0; t < count; t++) {
      const WinogradTile tile = shape.tile(start + t);
      const float *pixels[36];
      tile_pixels<6>(pixels, input + tile.image * shape.height * shape.width * ci, shape.height,
                     shape.width, ci, tile.row * 4 - shape.padding, tile.column * 4 - shape.padding,
                     zeros);
      transform_input_tile(transformed + t * ci, in_stride, pixels, ci);
    }
    const int64_t rows = (count + CT_ACCUMULATORS - 1) / CT_ACCUMULATORS * CT_ACCUMULATORS;
    for (int64_t p = 0; p < 36; p++)
      product(transformed + p * in_stride, ci, 1, filter + p * ci * co, co, ci,
              products + p * out_stride, co, rows, co, false);
    for (int64_t t = 0; t < count; t++) {
      const WinogradTile tile = shape.tile(start + t);
      const int64_t y = tile.row * 4, x = tile.column * 4;
      float *corner = output + ((tile.image * shape.out_height + y) * shape.out_width + x) * co;
      transform_output_tile(corner, shape.out_width, co, shape.out_height - y, shape.out_width - x,
                            products + t * co, out_stride, bias);
    }
  }
}

// Adds to `sums` the sum of `count` rows of `channels`.
static void add_rows(float *sums, const float *rows, int64_t count, int64_t channels) {
  for (int64_t c = 0; c < channels; c += lanes) {
    vec sum = {};
    for (int64_t row = 0; row < count; row++) {
      vec value;
      load(value, rows + row * channels + c);
      sum += value;
    }
    vec before;
    load(before, sums + c);
    store(sums + c, before + sum);
  }
}

// Adds what the tiles `first ..< last` give to the gradients of the transformed filter and of the
// bias.
static void differentiate_tiles(const WinogradShape &shape, const float *input,
                                const float *gradient, float *filter_gradient, float *bias_gradient,
                                int64_t first, int64_t last, float *scratch) {
  const int64_t block = shape.block, ci = shape.inputs, co = shape.outputs;
  const int64_t in_stride = shape.position_stride(ci), out_stride = shape.position_stride(co);
  float *transformed = scratch, *gradients = scratch + 36 * in_stride;
  const float *zeros = shape.zeros;
  for (int64_t start = first; start < last; start += block) {
    const int64_t count = last - start < block ? last - start : block;
    for (int64_t t = 0; t < count; t++) {
      const WinogradTile tile = shape.tile(start + t);
      const float *pixels[36], *outputs[16];
      tile_pixels<6>(pixels, input + tile.image * shape.height * shape.width * ci, shape.height,
                     shape.width, ci, tile.row * 4 - shape.padding, tile.column * 4 - shape.padding,
                     zeros);
      transform_input_tile(transformed + t * ci, in_stride, pixels, ci);
      tile_pixels<4>(outputs, gradient + tile.image * shape.out_height * shape.out_width * co,
                     shape.out_height, shape.out_width, co, tile.row * 4, tile.column * 4, zeros);
      transform_gradient_tile(gradients + t * co, out_stride, outputs, co);
    }
    // The second row of A is (1, 1, 1, 1): its position holds the sum of a tile's 16 pixels.
    add_rows(bias_gradient, gradients + 7 * out_stride, count, co);
    for (int64_t p = 0; p < 36; p++)
      product(transformed + p * in_stride, 1, ci, gradients + p * out_stride, co, count,
              filter_gradient + p * ci * co, co, ci, co, true);
  }
}
