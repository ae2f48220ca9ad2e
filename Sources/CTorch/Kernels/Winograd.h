// 3x3 convolution of stride 1 by Winograd's algorithm, forward and backward.
#pragma once
#include <ATen/core/Tensor.h>

#include <optional>
#include <utility>

#include "ConvolutionGeometry.h"

// Whether the kernel is made for this: 3x3, stride 1, channels in whole vectors, and enough tiles
// to be worth its transforms. It takes float32 on the CPU.
bool ct_winograd_fits(const at::Tensor &input, const at::Tensor &weight,
                      const ConvolutionGeometry &geometry);

// The convolution of `input` [batch, channel, height, width] with `weight` [outputs, inputs, 3, 3],
// in channels-last order.
//
// Error: on random data the result and the gradients are within 1e-5 of their largest magnitude of
// what double precision gives; the direct algorithm is within 1e-6.
at::Tensor ct_winograd(const at::Tensor &input, const at::Tensor &weight,
                       const std::optional<at::Tensor> &bias, int64_t padding);

// The gradient of the input from that of the result, which is channels-last.
at::Tensor ct_winograd_input_gradient(const at::Tensor &gradient, const at::Tensor &weight,
                                      int64_t padding);

// The gradients of the weight and of the bias from that of the result, which is channels-last.
std::pair<at::Tensor, at::Tensor> ct_winograd_weight_gradient(const at::Tensor &input,
                                                              const at::Tensor &gradient,
                                                              int64_t padding);
