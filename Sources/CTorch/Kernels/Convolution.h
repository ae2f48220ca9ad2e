// Convolution by the algorithm that suits it, with gradients that keep little.
#pragma once
#include <ATen/core/Tensor.h>

#include <optional>

#include "ConvolutionGeometry.h"
#include "Recomputation.h"

// The convolution of `input` [batch, channel, height, width] with `weight` [outputs, channels /
// groups, height, width], with gradients for all three. `recomputation`, if there is one, says how
// `input` can be made again: it is kept in place of `input`.
at::Tensor ct_convolved(const at::Tensor &input, const at::Tensor &weight,
                        const std::optional<at::Tensor> &bias, const ConvolutionGeometry &geometry,
                        const Recomputation *recomputation);
