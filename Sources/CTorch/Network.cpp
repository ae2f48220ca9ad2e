// Layers and losses.
#include "Boundary.h"

#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/mse_loss.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/upsample_bilinear2d.h>
#include <ATen/ops/upsample_nearest2d.h>

#include "Kernels/ChannelScale.h"
#include "Kernels/Convolution.h"
#include "Kernels/Linear.h"
#include "Kernels/NearestCode.h"
#include "Kernels/Normalization.h"

ct_status ct_convolution(ct_tensor **out, const ct_tensor *input, const ct_tensor *weight,
                         const ct_tensor *bias, const int64_t *stride, const int64_t *padding,
                         const int64_t *dilation, int64_t groups, char **message) {
  return ct_make(out, message, [&] {
    const ConvolutionGeometry geometry(stride, padding, dilation, groups);
    const std::shared_ptr<const Recomputation> recomputation = ct_recomputation(input);
    return ct_convolved(input->value, weight->value, ct_optional_value(bias), geometry,
                        recomputation.get());
  });
}

ct_status ct_batch_norm(ct_tensor **out, const ct_tensor *input, const ct_tensor *weight,
                        const ct_tensor *bias, const ct_tensor *mean, const ct_tensor *variance,
                        int32_t training, double momentum, double epsilon, const ct_tensor *other,
                        int32_t activates, char **message) {
  return ct_make_again(out, message, [&](std::shared_ptr<const Recomputation> &recomputation) {
    return ct_normalized(input->value,
                         {.weight = ct_optional_value(weight),
                          .bias = ct_optional_value(bias),
                          .running_mean = mean->value,
                          .running_variance = variance->value,
                          .is_training = training != 0,
                          .momentum = momentum,
                          .epsilon = epsilon,
                          .other = ct_optional_value(other),
                          .activates = activates != 0},
                         recomputation);
  });
}

ct_status ct_scale_channels(ct_tensor **out, const ct_tensor *input, const ct_tensor *scale,
                            char **message) {
  return ct_make_again(out, message, [&](std::shared_ptr<const Recomputation> &recomputation) {
    const at::Tensor &map = input->value, &factors = scale->value;
    if (!ct_scaled_channels_fits(map, factors)) return at::mul(map, factors);
    recomputation = ct_recomputation(input);
    return ct_scaled_channels(map, factors, recomputation);
  });
}

ct_status ct_linear(ct_tensor **out, const ct_tensor *input, const ct_tensor *weight,
                    const ct_tensor *bias, char **message) {
  return ct_make(out, message, [&] {
    const at::Tensor &rows = input->value, &matrix = weight->value;
    const std::optional<at::Tensor> shift = ct_optional_value(bias);
    return ct_linear_fits(rows, matrix, shift) ? ct_linear_of_few_rows(rows, matrix, shift)
                                               : at::linear(rows, matrix, shift);
  });
}

ct_status ct_upsample_bilinear(ct_tensor **out, const ct_tensor *input, int64_t height,
                               int64_t width, char **message) {
  return ct_make(out, message, [&] {
    return at::upsample_bilinear2d(input->value, {height, width}, /*align_corners=*/false);
  });
}

ct_status ct_upsample_nearest(ct_tensor **out, const ct_tensor *input, int64_t height,
                              int64_t width, char **message) {
  return ct_make(out, message,
                 [&] { return at::upsample_nearest2d(input->value, {height, width}); });
}

ct_status ct_softmax(ct_tensor **out, const ct_tensor *input, int64_t axis, int32_t logarithm,
                     char **message) {
  return ct_make(out, message, [&] {
    return logarithm != 0 ? at::log_softmax(input->value, axis) : at::softmax(input->value, axis);
  });
}

ct_status ct_embedding(ct_tensor **out, const ct_tensor *table, const ct_tensor *indices,
                       char **message) {
  return ct_make(out, message, [&] { return at::embedding(table->value, indices->value); });
}

ct_status ct_mean_squared_error(ct_tensor **out, const ct_tensor *input, const ct_tensor *target,
                                char **message) {
  return ct_make(out, message, [&] { return at::mse_loss(input->value, target->value); });
}

ct_status ct_cross_entropy(ct_tensor **out, const ct_tensor *logits, const ct_tensor *classes,
                           char **message) {
  return ct_make(out, message,
                 [&] { return at::cross_entropy_loss(logits->value, classes->value); });
}

ct_status ct_nearest(ct_tensor **out, ct_tensor **spread, const ct_tensor *rows,
                     const ct_tensor *codes, int32_t with_spread, char **message) {
  return ct_guard(message, [&] {
    if (!ct_nearest_fits(rows->value, codes->value)) return;
    auto [nearest, sums] = ct_nearest_code(rows->value, codes->value, with_spread != 0);
    *out = new ct_tensor(nearest);
    if (sums.defined()) *spread = new ct_tensor(sums);
  });
}
