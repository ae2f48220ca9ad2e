// Batch normalisation with what follows it, in as few passes over memory as its sums allow.
#pragma once
#include <ATen/core/Tensor.h>

#include <memory>
#include <optional>

#include "Recomputation.h"

// What a normalisation needs beside its input.
struct Normalization {
  std::optional<at::Tensor> weight, bias;
  // Used in evaluation, updated in training.
  at::Tensor running_mean, running_variance;
  bool is_training;
  double momentum, epsilon;
  // Added after the normalisation, before the activation.
  std::optional<at::Tensor> other;
  // Whether SiLU follows.
  bool activates;
};

// f(normalised input + other), with gradients for the input, weight, bias and other.
//
// Our own kernel takes float32 channels-last maps on the CPU whose channels are a multiple of 4, in
// training, or in evaluation when no gradient is wanted; libtorch's operations do the rest. Sums
// are taken in double precision around the first pixel, so that a large mean does not hide a small
// variance.
//
// In training without `other`, `recomputation` is set to how the result can be made again, unless
// no gradient is wanted.
at::Tensor ct_normalized(const at::Tensor &input, const Normalization &normalization,
                         std::shared_ptr<const Recomputation> &recomputation);

// f(input * scale + offset) of a channels-last map and `affine` [2, channels]; f is SiLU or
// nothing.
at::Tensor ct_affine_activation(const at::Tensor &input, const at::Tensor &affine, bool activates);
