// Convolution by the algorithm that suits it, with gradients that keep little.
#include "Convolution.h"

#include <ATen/autocast_mode.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/convolution.h>
#include <ATen/ops/convolution_backward.h>
#include <ATen/ops/linear.h>
#include <torch/csrc/autograd/custom_function.h>

#include "Depthwise.h"
#include "InstructionSet.h"
#include "Winograd.h"

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// A kernel of one tap on images of one pixel, as in squeeze and excitation, is a matrix product;
// oneDNN takes up to ten times as long to set it up.
bool is_matrix_product(const at::Tensor &input, const at::Tensor &weight,
                       const ConvolutionGeometry &geometry) {
  return geometry.groups == 1 && geometry.padding[0] == 0 && geometry.padding[1] == 0 &&
         input.size(2) == 1 && input.size(3) == 1 && weight.size(2) == 1 && weight.size(3) == 1;
}

at::Tensor forward_pass(const at::Tensor &input, const at::Tensor &weight,
                        const std::optional<at::Tensor> &bias,
                        const ConvolutionGeometry &geometry) {
  if (ct_winograd_fits(input, weight, geometry))
    return ct_winograd(input, weight, bias, geometry.padding[0]);
  if (is_matrix_product(input, weight, geometry))
    return at::linear(input.flatten(1), weight.flatten(1), bias).unsqueeze(-1).unsqueeze(-1);
  return at::convolution(input, weight, bias, geometry.stride, geometry.padding, geometry.dilation,
                         /*transposed=*/false, /*output_padding=*/{0, 0}, geometry.groups);
}

struct Gradients {
  at::Tensor input, weight, bias;
};

// `wanted` says of input, weight and bias whether their gradients are.
Gradients backward_pass(const at::Tensor &input, const at::Tensor &weight,
                        const at::Tensor &gradient, const ConvolutionGeometry &geometry,
                        std::array<bool, 3> wanted) {
  Gradients found;
  const auto channels_last = at::MemoryFormat::ChannelsLast;
  if (ct_winograd_fits(input, weight, geometry)) {
    const at::Tensor pixels = gradient.contiguous(channels_last);
    if (wanted[0]) found.input = ct_winograd_input_gradient(pixels, weight, geometry.padding[0]);
    if (wanted[1]) {
      std::tie(found.weight, found.bias) =
          ct_winograd_weight_gradient(input, pixels, geometry.padding[0]);
      if (!wanted[2]) found.bias = at::Tensor();
    } else if (wanted[2]) {
      found.bias = gradient.sum({0, 2, 3});
    }
  } else if (is_matrix_product(input, weight, geometry)) {
    const at::Tensor rows = gradient.flatten(1);
    if (wanted[0]) found.input = rows.mm(weight.flatten(1)).view(input.sizes());
    if (wanted[1]) found.weight = rows.t().mm(input.flatten(1)).view(weight.sizes());
    if (wanted[2]) found.bias = rows.sum(0);
  } else if (wanted[1] && ct_depthwise_fits(input, weight, geometry)) {
    std::tie(found.input, found.weight) = ct_depthwise_gradients(
        input, weight, gradient.contiguous(channels_last), geometry, /*for_input=*/wanted[0]);
    if (wanted[2]) found.bias = gradient.sum({0, 2, 3});
  } else {
    const std::array<int64_t, 1> bias_sizes = {weight.size(0)};
    std::tie(found.input, found.weight, found.bias) = at::convolution_backward(
        gradient, input, weight, bias_sizes, geometry.stride, geometry.padding, geometry.dilation,
        /*transposed=*/false, /*output_padding=*/{0, 0}, geometry.groups, wanted);
  }
  return found;
}

class KeptConvolution : public torch::autograd::Function<KeptConvolution> {
 public:
  static at::Tensor forward(AutogradContext *context, const at::Tensor &input,
                            const at::Tensor &weight, const std::optional<at::Tensor> &bias,
                            const ConvolutionGeometry &geometry,
                            const Recomputation *recomputation) {
    const KeptMap kept(input, recomputation);
    variable_list saved = kept.tensors();
    saved.push_back(weight);
    context->save_for_backward(std::move(saved));
    context->saved_data["activates"] = kept.activates();
    context->saved_data["geometry"] = geometry.numbers();
    context->saved_data["biased"] = bias.has_value();
    return forward_pass(input, weight, bias, geometry);
  }

  static variable_list backward(AutogradContext *context, const variable_list &gradients) {
    const variable_list saved = context->get_saved_variables();
    const KeptMap kept(saved, context->saved_data["activates"].toBool());
    const ConvolutionGeometry geometry(context->saved_data["geometry"].toIntVector());
    const bool biased = context->saved_data["biased"].toBool();
    const Gradients found =
        backward_pass(kept.map(), saved[KeptMap::count], gradients[0], geometry,
                      {context->needs_input_grad(0), context->needs_input_grad(1),
                       biased && context->needs_input_grad(2)});
    return {found.input, found.weight, found.bias, {}, {}};
  }
};

}  // namespace

at::Tensor ct_convolved(const at::Tensor &input, const at::Tensor &weight,
                        const std::optional<at::Tensor> &bias, const ConvolutionGeometry &geometry,
                        const Recomputation *recomputation) {
  const bool is_ours = ct_kernels_enabled() && input.device().is_cpu() &&
                       input.scalar_type() == at::kFloat && weight.scalar_type() == at::kFloat &&
                       input.dim() == 4 && weight.dim() == 4 &&
                       (!bias || bias->sizes() == at::IntArrayRef({weight.size(0)})) &&
                       !at::autocast::is_autocast_enabled(at::kCPU);
  if (!is_ours)
    return at::conv2d(input, weight, bias, geometry.stride, geometry.padding, geometry.dilation,
                      geometry.groups);
  if (!at::GradMode::is_enabled()) return forward_pass(input, weight, bias, geometry);
  return KeptConvolution::apply(input, weight, bias, geometry, recomputation);
}
