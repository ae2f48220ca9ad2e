// Linear layers of few rows and many weights, as a classifier of a whole map has.
#include "Linear.h"

#include <ATen/autocast_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <torch/csrc/autograd/custom_function.h>

#include "InstructionSet.h"
#include "Parallel.h"

namespace {

struct LinearShape {
  int64_t rows, inputs, outputs;

  LinearShape(const at::Tensor &input, const at::Tensor &weight)
      : rows(input.size(0)), inputs(weight.size(1)), outputs(weight.size(0)) {}
};

// Inputs of a stretch: those of all rows stay in the first-level cache while weights pass by.
constexpr int64_t stretch = 512;

#define CT_KERNEL "LinearKernel.h"
#include "ForEachInstructionSet.h"
#undef CT_KERNEL

class LinearOfFewRows : public torch::autograd::Function<LinearOfFewRows> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &input,
                            const at::Tensor &weight, const std::optional<at::Tensor> &bias) {
    const at::Tensor rows = input.contiguous();
    context->save_for_backward({rows, weight});
    context->saved_data["biased"] = bias.has_value();
    const LinearShape shape(rows, weight);
    at::Tensor output = at::empty({shape.rows, shape.outputs}, input.options());
    const float *x = rows.const_data_ptr<float>(), *w = weight.const_data_ptr<float>();
    const float *shift = bias ? bias->const_data_ptr<float>() : nullptr;
    float *y = output.mutable_data_ptr<float>();
    const InstructionSet set = ct_instruction_set(shape.inputs);
    // A range of outputs may be all of them.
    const int64_t room = shape.outputs * shape.rows * ct_longest_vector;
    ct_parallel(shape.outputs, 8, room, [&](int64_t first, int64_t last, float *scratch) {
      CT_DISPATCH(set, find_outputs(shape, x, w, shift, first, last, scratch, y));
    });
    return output;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                 const torch::autograd::variable_list &gradients) {
    const torch::autograd::variable_list saved = context->get_saved_variables();
    const at::Tensor &input = saved[0], &weight = saved[1];
    const at::Tensor gradient = gradients[0].contiguous();
    const LinearShape shape(input, weight);
    const float *x = input.const_data_ptr<float>(), *w = weight.const_data_ptr<float>();
    const float *dy = gradient.const_data_ptr<float>();
    const InstructionSet set = ct_instruction_set(shape.inputs);
    at::Tensor for_input, for_weight, for_bias;
    if (context->needs_input_grad(0)) {
      for_input = at::empty_like(input);
      float *dx = for_input.mutable_data_ptr<float>();
      ct_parallel(shape.inputs, stretch, [&](int64_t first, int64_t last) {
        CT_DISPATCH(set, find_input_gradient(shape, dy, w, first, last, dx));
      });
    }
    if (context->needs_input_grad(1)) {
      for_weight = at::empty_like(weight);
      float *dw = for_weight.mutable_data_ptr<float>();
      ct_parallel(shape.outputs, 8, [&](int64_t first, int64_t last) {
        CT_DISPATCH(set, find_weight_gradient(shape, x, dy, first, last, dw));
      });
    }
    if (context->saved_data["biased"].toBool() && context->needs_input_grad(2))
      for_bias = gradient.sum(0);
    return {for_input, for_weight, for_bias};
  }
};

}  // namespace

bool ct_linear_fits(const at::Tensor &input, const at::Tensor &weight,
                    const std::optional<at::Tensor> &bias) {
  return ct_kernels_enabled() && input.device().is_cpu() && input.scalar_type() == at::kFloat &&
         weight.scalar_type() == at::kFloat && input.dim() == 2 && weight.dim() == 2 &&
         input.size(1) == weight.size(1) && input.size(0) > 0 && input.size(0) % 8 == 0 &&
         input.size(0) <= 64 && weight.size(0) % 8 == 0 && weight.size(1) % 8 == 0 &&
         weight.numel() >= 1 << 21 && weight.is_contiguous() &&
         (!bias || bias->sizes() == at::IntArrayRef({weight.size(0)})) &&
         !at::autocast::is_autocast_enabled(at::kCPU);
}

at::Tensor ct_linear_of_few_rows(const at::Tensor &input, const at::Tensor &weight,
                                 const std::optional<at::Tensor> &bias) {
  return LinearOfFewRows::apply(input, weight, bias);
}
