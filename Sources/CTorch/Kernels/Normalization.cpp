// Batch normalisation with what follows it, in as few passes over memory as its sums allow.
#include "Normalization.h"

#include <ATen/ops/add.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

#include "InstructionSet.h"
#include "Parallel.h"

namespace {

#define CT_KERNEL "NormalizationKernel.h"
#include "ForEachInstructionSet.h"
#undef CT_KERNEL

int64_t pixels(const at::Tensor &map) { return map.size(0) * map.size(2) * map.size(3); }

// Runs `body(first, last, sums)` over parts of the pixels, and adds up the parts' sums in order:
// [2, channels] in double precision.
template <class Body>
at::Tensor summed(int64_t pixels, int64_t channels, Body body) {
  const int64_t parts = ct_sum_parts(), share = (pixels + parts - 1) / parts;
  const at::Tensor sums = at::zeros({parts, 2, channels}, at::kDouble);
  double *data = sums.mutable_data_ptr<double>();
  ct_parallel(parts, 1, [&](int64_t begin, int64_t end) {
    for (int64_t part = begin; part < end; part++)
      body(part * share, std::min((part + 1) * share, pixels), data + part * 2 * channels);
  });
  return sums.sum(0);
}

// One row of floats per name, each a value by channel.
struct Rows {
  at::Tensor tensor;
  int64_t channels;
  Rows(int64_t rows, int64_t channels) : tensor(at::empty({rows, channels})), channels(channels) {}
  float *operator[](int64_t row) const { return tensor.mutable_data_ptr<float>() + row * channels; }
};

// Rows of what the forward pass hands to the backward one.
enum { mean_row, inverse_row, scale_row, offset_row, row_count };
static_assert(offset_row == scale_row + 1, "A recomputation is given both in one piece.");

const float *data_or_null(const std::optional<at::Tensor> &tensor) {
  return tensor ? tensor->const_data_ptr<float>() : nullptr;
}

// Scale and offset that normalise by the given mean and inverse deviation.
void set_affine(const Rows &rows, const Normalization &n) {
  const float *weight = data_or_null(n.weight), *bias = data_or_null(n.bias);
  for (int64_t c = 0; c < rows.channels; c++) {
    const float scale = rows[inverse_row][c] * (weight == nullptr ? 1.0f : weight[c]);
    rows[scale_row][c] = scale;
    rows[offset_row][c] = (bias == nullptr ? 0.0f : bias[c]) - rows[mean_row][c] * scale;
  }
}

void use_running_statistics(const Rows &rows, const Normalization &n) {
  const float *mean = n.running_mean.const_data_ptr<float>();
  const float *variance = n.running_variance.const_data_ptr<float>();
  for (int64_t c = 0; c < rows.channels; c++) {
    rows[mean_row][c] = mean[c];
    rows[inverse_row][c] = static_cast<float>(1 / std::sqrt(variance[c] + n.epsilon));
  }
}

void take_statistics(const Rows &rows, const at::Tensor &input, const Normalization &n) {
  const int64_t count = pixels(input), channels = rows.channels;
  const float *x = input.const_data_ptr<float>();
  const InstructionSet set = ct_instruction_set(channels);
  const at::Tensor sums = summed(count, channels, [&](int64_t first, int64_t last, double *out) {
    CT_DISPATCH(set, moments(x, x, channels, first, last, out));
  });
  const double *sum = sums.const_data_ptr<double>(), *squares = sum + channels;
  float *mean = n.running_mean.mutable_data_ptr<float>();
  float *variance = n.running_variance.mutable_data_ptr<float>();
  const auto number = static_cast<double>(count);
  for (int64_t c = 0; c < channels; c++) {
    const double shifted = sum[c] / number, center = x[c] + shifted;
    const double spread = std::max(0.0, squares[c] / number - shifted * shifted);
    rows[mean_row][c] = static_cast<float>(center);
    rows[inverse_row][c] = static_cast<float>(1 / std::sqrt(spread + n.epsilon));
    const double unbiased = count > 1 ? spread * number / (number - 1) : spread;
    mean[c] = static_cast<float>((1 - n.momentum) * mean[c] + n.momentum * center);
    variance[c] = static_cast<float>((1 - n.momentum) * variance[c] + n.momentum * unbiased);
  }
}

// f(x * scale + offset + other), with `other` or without; f is SiLU or nothing.
at::Tensor applied(const at::Tensor &input, const float *scale, const float *offset,
                   const float *other, bool activates) {
  at::Tensor output = at::empty_like(input);
  const float *x = input.const_data_ptr<float>();
  float *y = output.mutable_data_ptr<float>();
  const int64_t channels = input.size(1);
  const InstructionSet set = ct_instruction_set(channels);
  ct_parallel(pixels(input), 1, [&](int64_t first, int64_t last) {
    CT_DISPATCH(set, normalize(x, other, scale, offset, channels, first, last, activates, y));
  });
  return output;
}

class BatchNormalization : public torch::autograd::Function<BatchNormalization> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &input,
                            const std::optional<at::Tensor> &weight,
                            const std::optional<at::Tensor> &bias,
                            const std::optional<at::Tensor> &other, const Rows &rows,
                            bool activates) {
    context->save_for_backward({input, other.value_or(at::Tensor()), rows.tensor});
    context->saved_data["activates"] = activates;
    context->saved_data["has_other"] = other.has_value();
    context->saved_data["has_weight"] = weight.has_value();
    context->saved_data["has_bias"] = bias.has_value();
    return applied(input, rows[scale_row], rows[offset_row], data_or_null(other), activates);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                 const torch::autograd::variable_list &gradients) {
    const torch::autograd::variable_list saved = context->get_saved_variables();
    const at::Tensor &input = saved[0], &other = saved[1];
    const at::Tensor gradient = gradients[0].contiguous(at::MemoryFormat::ChannelsLast);
    const bool activates = context->saved_data["activates"].toBool();
    const bool has_other = context->saved_data["has_other"].toBool();
    const int64_t channels = input.size(1), count = pixels(input);
    const float *rows = saved[2].const_data_ptr<float>();
    const float *mean = rows + mean_row * channels, *inverse = rows + inverse_row * channels;
    const float *scale = rows + scale_row * channels, *offset = rows + offset_row * channels;
    const float *x = input.const_data_ptr<float>(), *dy = gradient.const_data_ptr<float>();
    const float *added = has_other ? other.const_data_ptr<float>() : nullptr;
    const InstructionSet set = ct_instruction_set(channels);

    at::Tensor before = activates ? at::empty_like(input) : gradient;
    float *dz = activates ? before.mutable_data_ptr<float>() : nullptr;
    const at::Tensor sums = summed(count, channels, [&](int64_t first, int64_t last, double *out) {
      CT_DISPATCH(set, gradient_sums(x, added, dy, scale, offset, mean, inverse, channels, first,
                                     last, activates, dz, out));
    });

    // dx = scale (dz - mean(dz) - x^ mean(dz x^)) with x^ = (x - mean) / deviation.
    const double *sum = sums.const_data_ptr<double>(), *products = sum + channels;
    const Rows factors(3, channels);
    for (int64_t c = 0; c < channels; c++) {
      const double slope = products[c] / static_cast<double>(count) * inverse[c];
      factors[0][c] = scale[c];
      factors[1][c] = static_cast<float>(-scale[c] * slope);
      factors[2][c] =
          static_cast<float>(scale[c] * (slope * mean[c] - sum[c] / static_cast<double>(count)));
    }
    // Without another map nobody else wants the gradient before the activation: it is overwritten.
    at::Tensor for_input = activates && !has_other ? before : at::empty_like(input);
    const float *dz_read = before.const_data_ptr<float>();
    float *dx = for_input.mutable_data_ptr<float>();
    ct_parallel(count, 1, [&](int64_t first, int64_t last) {
      CT_DISPATCH(
          set, combine(dz_read, x, factors[0], factors[1], factors[2], channels, first, last, dx));
    });
    const at::Tensor parameters = sums.to(at::kFloat);
    const bool has_weight = context->saved_data["has_weight"].toBool();
    const bool has_bias = context->saved_data["has_bias"].toBool();
    return {for_input,
            has_weight ? parameters[1] : at::Tensor(),
            has_bias ? parameters[0] : at::Tensor(),
            has_other ? before : at::Tensor(),
            {},
            {}};
  }
};

bool fits(const at::Tensor &input, const Normalization &n) {
  const auto format = at::MemoryFormat::ChannelsLast;
  if (!ct_kernels_enabled() || !input.device().is_cpu() || input.scalar_type() != at::kFloat ||
      input.dim() != 4 || input.size(1) % 4 != 0 || !input.is_contiguous(format) ||
      n.running_mean.scalar_type() != at::kFloat || input.numel() == 0)
    return false;
  if (n.other && (n.other->sizes() != input.sizes() || !n.other->is_contiguous(format) ||
                  n.other->scalar_type() != at::kFloat))
    return false;
  return n.is_training || !at::GradMode::is_enabled();
}

}  // namespace

at::Tensor ct_normalized(const at::Tensor &input, const Normalization &n,
                         std::shared_ptr<const Recomputation> &recomputation) {
  if (!fits(input, n)) {
    at::Tensor output =
        at::batch_norm(input, n.weight, n.bias, n.running_mean, n.running_variance, n.is_training,
                       n.momentum, n.epsilon, /*cudnn_enabled=*/true);
    if (n.other) output = at::add(output, *n.other);
    return n.activates ? at::silu(output) : output;
  }
  const Rows rows(row_count, input.size(1));
  if (n.is_training)
    take_statistics(rows, input, n);
  else
    use_running_statistics(rows, n);
  set_affine(rows, n);
  if (!n.is_training)
    return applied(input, rows[scale_row], rows[offset_row], data_or_null(n.other), n.activates);
  const at::Tensor output =
      BatchNormalization::apply(input, n.weight, n.bias, n.other, rows, n.activates);
  if (output.requires_grad() && !n.other)
    recomputation = std::make_shared<const Recomputation>(
        Recomputation{input.detach(), rows.tensor.narrow(0, scale_row, 2), n.activates, {}});
  return output;
}

at::Tensor ct_affine_activation(const at::Tensor &input, const at::Tensor &affine, bool activates) {
  const float *rows = affine.const_data_ptr<float>();
  return applied(input, rows, rows + input.size(1), nullptr, activates);
}
