// 3x3 convolution of stride 1 by Winograd's algorithm, forward and backward.
#pragma once
#include <ATen/core/Tensor.h>

#include <optional>

// Whether the kernel is made for this: float32 on the CPU, 3x3, channels in whole vectors, and
// enough tiles to be worth its transforms.
bool ct_winograd_fits(const at::Tensor &input, const at::Tensor &weight, int64_t padding);

// The convolution of `input` [batch, channel, height, width] with `weight` [outputs, inputs, 3, 3],
// with gradients for all three. The result is in channels-last order.
//
// Error: on random data the result and the gradients are within 1e-5 of their largest magnitude of
// what double precision gives; the direct algorithm is within 1e-6.
at::Tensor ct_winograd_convolution(const at::Tensor &input, const at::Tensor &weight,
                                   const std::optional<at::Tensor> &bias, int64_t padding);
