// A map times a number for each image and channel, as squeeze and excitation weighs channels.
#include "ChannelScale.h"

#include <ATen/ops/empty_like.h>
#include <torch/csrc/autograd/custom_function.h>

#include "InstructionSet.h"
#include "Parallel.h"

namespace {

#define CT_KERNEL "ChannelScaleKernel.h"
#include "ForEachInstructionSet.h"
#undef CT_KERNEL

class ChannelScale : public torch::autograd::Function<ChannelScale> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &input,
                            const at::Tensor &factors, const Recomputation *recomputation) {
    const KeptMap kept(input, recomputation);
    torch::autograd::variable_list saved = kept.tensors();
    saved.push_back(factors);
    context->save_for_backward(std::move(saved));
    context->saved_data["activates"] = kept.activates();
    return ct_channel_product(input, factors);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                 const torch::autograd::variable_list &gradients) {
    const torch::autograd::variable_list saved = context->get_saved_variables();
    const at::Tensor input = KeptMap(saved, context->saved_data["activates"].toBool()).map();
    const at::Tensor &factors = saved[KeptMap::count];
    const at::Tensor gradient = gradients[0].contiguous(at::MemoryFormat::ChannelsLast);
    at::Tensor for_input = at::empty_like(input), for_scale = at::empty_like(factors);
    const int64_t channels = input.size(1), size = input.size(2) * input.size(3);
    const float *x = input.const_data_ptr<float>(), *dy = gradient.const_data_ptr<float>();
    const float *factor = factors.const_data_ptr<float>();
    float *dx = for_input.mutable_data_ptr<float>(), *ds = for_scale.mutable_data_ptr<float>();
    const InstructionSet set = ct_instruction_set(channels);
    ct_parallel(input.size(0), 1, [&](int64_t first, int64_t last) {
      CT_DISPATCH(set, scale_gradients(x, dy, factor, channels, size, first, last, dx, ds));
    });
    return {for_input, for_scale, {}};
  }
};

}  // namespace

bool ct_scaled_channels_fits(const at::Tensor &input, const at::Tensor &scale) {
  return ct_kernels_enabled() && input.device().is_cpu() && scale.device().is_cpu() &&
         input.scalar_type() == at::kFloat && scale.scalar_type() == at::kFloat &&
         input.dim() == 4 && input.size(1) % 4 == 0 && input.numel() > 0 &&
         input.is_contiguous(at::MemoryFormat::ChannelsLast) &&
         scale.sizes() == at::IntArrayRef({input.size(0), input.size(1), 1, 1});
}

at::Tensor ct_scaled_channels(const at::Tensor &input, const at::Tensor &scale,
                              std::shared_ptr<const Recomputation> &recomputation) {
  const at::Tensor factors = scale.contiguous();
  const at::Tensor product = ChannelScale::apply(input, factors, recomputation.get());
  if (recomputation != nullptr && recomputation->factors.defined()) {
    recomputation = nullptr;  // It holds one set of factors, not two.
  } else if (recomputation != nullptr) {
    Recomputation scaled = *recomputation;
    scaled.factors = factors.detach();
    recomputation = std::make_shared<const Recomputation>(std::move(scaled));
  }
  return product;
}

at::Tensor ct_channel_product(const at::Tensor &input, const at::Tensor &factors) {
  at::Tensor output = at::empty_like(input);
  const int64_t channels = input.size(1), size = input.size(2) * input.size(3);
  const float *x = input.const_data_ptr<float>(), *factor = factors.const_data_ptr<float>();
  float *y = output.mutable_data_ptr<float>();
  const InstructionSet set = ct_instruction_set(channels);
  ct_parallel(input.size(0) * size, 1, [&](int64_t first, int64_t last) {
    CT_DISPATCH(set, scale_channels(x, factor, channels, size, first, last, y));
  });
  return output;
}
