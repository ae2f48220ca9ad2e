// Gradients of a depthwise convolution: one kernel for each channel.
#include "Depthwise.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>

#include <algorithm>

#include "InstructionSet.h"
#include "Parallel.h"

namespace {

struct DepthwiseShape {
  int64_t batch, channels, height, width, out_height, out_width, kernel, stride, padding;

  DepthwiseShape(const at::Tensor &input, const at::Tensor &weight, const at::Tensor &gradient,
                 const ConvolutionGeometry &geometry)
      : batch(input.size(0)),
        channels(input.size(1)),
        height(input.size(2)),
        width(input.size(3)),
        out_height(gradient.size(2)),
        out_width(gradient.size(3)),
        kernel(weight.size(2)),
        stride(geometry.stride[0]),
        padding(geometry.padding[0]) {}

  // Sides of an image with the zeros that taps reach.
  int64_t image_height() const { return side(height, out_height); }
  int64_t image_width() const { return side(width, out_width); }

  // Sides of a gradient whose pixels are `stride` apart, with the zeros that the turned kernel
  // reaches; a last block of pixels may be computed beyond the width.
  int64_t gradient_height() const { return spread(height, out_height); }
  int64_t gradient_width() const { return spread(width + longest_block, out_width); }

  int64_t scratch() const {
    return (image_height() * image_width() + gradient_height() * gradient_width()) *
           ct_longest_vector;
  }

  static constexpr int64_t longest_block = 8;

 private:
  int64_t side(int64_t length, int64_t outputs) const {
    return std::max(length + padding, (outputs - 1) * stride + kernel);
  }
  int64_t spread(int64_t length, int64_t outputs) const {
    return std::max(length + padding + kernel, outputs * stride + kernel);
  }
};

#define CT_KERNEL "DepthwiseKernel.h"
#include "ForEachInstructionSet.h"
#undef CT_KERNEL

}  // namespace

bool ct_depthwise_fits(const at::Tensor &input, const at::Tensor &weight,
                       const ConvolutionGeometry &geometry) {
  const int64_t channels = input.size(1), kernel = weight.size(2);
  return geometry.groups == channels && weight.size(0) == channels && weight.size(1) == 1 &&
         (kernel == 3 || kernel == 5) && weight.size(3) == kernel && geometry.is_uniform() &&
         channels % 8 == 0 && input.numel() > 0 &&
         input.is_contiguous(at::MemoryFormat::ChannelsLast);
}

std::pair<at::Tensor, at::Tensor> ct_depthwise_gradients(const at::Tensor &input,
                                                         const at::Tensor &weight,
                                                         const at::Tensor &gradient,
                                                         const ConvolutionGeometry &geometry,
                                                         bool for_input) {
  const DepthwiseShape shape(input, weight, gradient, geometry);
  const int64_t taps = shape.kernel * shape.kernel;
  const at::Tensor kernels = weight.reshape({shape.channels, taps}).t().contiguous();
  const at::Tensor input_gradient = for_input ? at::empty_like(input) : at::Tensor();
  const InstructionSet set = ct_instruction_set(shape.channels);
  const int64_t items = shape.batch * (shape.channels / ct_lanes(set));
  const int64_t parts = ct_sum_parts(), share = (items + parts - 1) / parts;
  // One sum for each part, added in order.
  const at::Tensor sums = at::zeros({parts, taps, shape.channels});
  const float *in = input.const_data_ptr<float>(), *out = gradient.const_data_ptr<float>();
  const float *w = kernels.const_data_ptr<float>();
  float *dx = for_input ? input_gradient.mutable_data_ptr<float>() : nullptr;
  float *sum = sums.mutable_data_ptr<float>();
  ct_parallel(parts, 1, shape.scratch(), [&](int64_t begin, int64_t end, float *room) {
    for (int64_t part = begin; part < end; part++) {
      const int64_t first = part * share, last = std::min(first + share, items);
      float *mine = sum + part * taps * shape.channels;
      CT_DISPATCH(set, differentiate_depthwise(shape, in, out, w, first, last, room, dx, mine));
    }
  });
  return {input_gradient, sums.sum(0).t().reshape(weight.sizes())};
}
