// 3x3 convolution of stride 1 by Winograd's algorithm, forward and backward.
#include "Winograd.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/zeros.h>

#include "InstructionSet.h"
#include "Parallel.h"

namespace {

// A tile of 4x4 output pixels.
struct WinogradTile {
  int64_t image, row, column;
};

// The sizes of a convolution, and how its tiles are counted.
struct WinogradShape {
  int64_t batch, height, width, inputs, outputs, padding;
  int64_t out_height, out_width, tile_rows, tile_columns;
  // Tiles that are transformed, multiplied and transformed back together: what they need stays in
  // the second-level cache.
  int64_t block;
  // As many zeros as there are channels, for pixels outside the image.
  const float *zeros;

  WinogradShape(const at::Tensor &input, int64_t outputs, int64_t padding, const at::Tensor &zeros)
      : batch(input.size(0)),
        height(input.size(2)),
        width(input.size(3)),
        inputs(input.size(1)),
        outputs(outputs),
        padding(padding),
        out_height(height + 2 * padding - 2),
        out_width(width + 2 * padding - 2),
        tile_rows((out_height + 3) / 4),
        tile_columns((out_width + 3) / 4),
        block(24),
        zeros(zeros.const_data_ptr<float>()) {}

  int64_t tiles() const { return batch * tile_rows * tile_columns; }

  WinogradTile tile(int64_t index) const {
    const int64_t per_image = tile_rows * tile_columns;
    const int64_t inside = index % per_image;
    return {index / per_image, inside / tile_columns, inside % tile_columns};
  }

  // Floats from one of the 36 positions to the next. The odd cache line keeps the 36 streams of a
  // transform out of each other's way in the first-level cache.
  int64_t position_stride(int64_t channels) const { return block * channels + 16; }

  int64_t scratch() const { return 36 * (position_stride(inputs) + position_stride(outputs)); }
};

#define CT_KERNEL "WinogradKernel.h"
#include "ForEachInstructionSet.h"
#undef CT_KERNEL

// G (x) G, [36, 9]: the transform of a 3x3 filter, and transposed of its gradient.
const at::Tensor &filter_transform() {
  static const at::Tensor matrix = [] {
    const float sixth = 1.0f / 6, g[6][3] = {{0.25f, 0, 0},
                                             {-sixth, -sixth, -sixth},
                                             {-sixth, sixth, -sixth},
                                             {1.0f / 24, 1.0f / 12, sixth},
                                             {1.0f / 24, -1.0f / 12, sixth},
                                             {0, 0, 1}};
    at::Tensor product = at::empty({36, 9});
    float *out = product.mutable_data_ptr<float>();
    for (int i = 0; i < 6; i++)
      for (int j = 0; j < 6; j++)
        for (int k = 0; k < 3; k++)
          for (int l = 0; l < 3; l++) *out++ = g[i][k] * g[j][l];
    return product;
  }();
  return matrix;
}

// A filter [outputs, inputs, 3, 3] as [36, inputs, outputs]. Whole taps are moved about, not single
// numbers.
at::Tensor transformed(const at::Tensor &weight) {
  const int64_t outputs = weight.size(0), inputs = weight.size(1);
  return at::mm(filter_transform(), weight.transpose(0, 1).reshape({inputs * outputs, 9}).t())
      .view({36, inputs, outputs});
}

// The same filter turned round, from outputs to inputs, as [36, outputs, inputs].
at::Tensor transformed_round(const at::Tensor &weight) {
  static const at::Tensor turned = filter_transform().flip(1);
  const int64_t outputs = weight.size(0), inputs = weight.size(1);
  return at::mm(turned, weight.reshape({outputs * inputs, 9}).t()).view({36, outputs, inputs});
}

at::Tensor channels_last(const at::Tensor &tensor) {
  return tensor.contiguous(at::MemoryFormat::ChannelsLast);
}

// With a transformed filter [36, inputs, outputs].
at::Tensor convolve(const at::Tensor &input, const at::Tensor &filter,
                    const std::optional<at::Tensor> &bias, int64_t padding) {
  const int64_t outputs = filter.size(2);
  const at::Tensor zeros = at::zeros({filter.size(1)});
  const WinogradShape shape(input, outputs, padding, zeros);
  at::Tensor output = at::empty({shape.batch, outputs, shape.out_height, shape.out_width},
                                input.options(), at::MemoryFormat::ChannelsLast);
  const float *in = input.const_data_ptr<float>(), *f = filter.const_data_ptr<float>();
  const float *shift = bias ? bias->const_data_ptr<float>() : nullptr;
  float *out = output.mutable_data_ptr<float>();
  const InstructionSet set = ct_instruction_set(shape.inputs | outputs);
  ct_parallel(shape.tiles(), shape.block, shape.scratch(),
              [&](int64_t first, int64_t last, float *room) {
                CT_DISPATCH(set, convolve_tiles(shape, in, f, shift, out, first, last, room));
              });
  return output;
}

std::pair<at::Tensor, at::Tensor> parameter_gradients(const at::Tensor &input,
                                                      const at::Tensor &gradient, int64_t padding) {
  const int64_t inputs = input.size(1), outputs = gradient.size(1);
  const at::Tensor zeros = at::zeros({std::max(inputs, outputs)});
  const WinogradShape shape(input, outputs, padding, zeros);
  const int64_t parts = ct_sum_parts();
  const int64_t share = (shape.tiles() + parts - 1) / parts;
  // One sum for each part, added in order.
  const at::Tensor sums = at::zeros({parts, 36, inputs, outputs}),
                   shifts = at::zeros({parts, outputs});
  const float *in = input.const_data_ptr<float>(), *out = gradient.const_data_ptr<float>();
  float *sum = sums.mutable_data_ptr<float>(), *shift = shifts.mutable_data_ptr<float>();
  const InstructionSet set = ct_instruction_set(inputs | outputs);
  ct_parallel(parts, 1, shape.scratch(), [&](int64_t begin, int64_t end, float *room) {
    for (int64_t part = begin; part < end; part++) {
      const int64_t first = part * share, last = std::min(first + share, shape.tiles());
      float *mine = sum + part * 36 * inputs * outputs, *my_shift = shift + part * outputs;
      CT_DISPATCH(set, differentiate_tiles(shape, in, out, mine, my_shift, first, last, room));
    }
  });
  return {at::mm(sums.sum(0).view({36, inputs * outputs}).t(), filter_transform())
              .view({inputs, outputs, 3, 3})
              .transpose(0, 1)
              .contiguous(),
          shifts.sum(0)};
}

}  // namespace

bool ct_winograd_fits(const at::Tensor &input, const at::Tensor &weight,
                      const ConvolutionGeometry &geometry) {
  const int64_t inputs = input.size(1), outputs = weight.size(0), padding = geometry.padding[0];
  if (geometry.groups != 1 || !geometry.is_uniform() || geometry.stride[0] != 1) return false;
  if (weight.size(1) != inputs || weight.size(2) != 3 || weight.size(3) != 3) return false;
  if (padding < 0 || padding > 2 || (inputs | outputs) % 8 != 0 || inputs < 16 || outputs < 16)
    return false;
  const int64_t height = input.size(2) + 2 * padding - 2, width = input.size(3) + 2 * padding - 2;
  return height >= 4 && width >= 4 && input.size(0) * height * width >= 1024;
}

at::Tensor ct_winograd(const at::Tensor &input, const at::Tensor &weight,
                       const std::optional<at::Tensor> &bias, int64_t padding) {
  return convolve(channels_last(input), transformed(weight), bias, padding);
}

at::Tensor ct_winograd_input_gradient(const at::Tensor &gradient, const at::Tensor &weight,
                                      int64_t padding) {
  return convolve(gradient, transformed_round(weight), {}, 2 - padding);
}

std::pair<at::Tensor, at::Tensor> ct_winograd_weight_gradient(const at::Tensor &input,
                                                              const at::Tensor &gradient,
                                                              int64_t padding) {
  return parameter_gradients(channels_last(input), gradient, padding);
}
