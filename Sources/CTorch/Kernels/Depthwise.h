// Gradients of a depthwise convolution: one kernel for each channel.
#pragma once
#include <ATen/core/Tensor.h>

#include <utility>

#include "ConvolutionGeometry.h"

// Whether the kernel is made for this: 3x3 or 5x5, the same stride and padding both ways,
// channels-last maps of whole vectors of channels.
bool ct_depthwise_fits(const at::Tensor &input, const at::Tensor &weight,
                       const ConvolutionGeometry &geometry);

// The gradients of the input [batch, channel, height, width], undefined unless requested, and of
// the weight [channels, 1, side, side], from that of the result.
//
// Error: on random data within 1e-6 of the largest magnitude of what double precision gives.
std::pair<at::Tensor, at::Tensor> ct_depthwise_gradients(const at::Tensor &input,
                                                         const at::Tensor &weight,
                                                         const at::Tensor &gradient,
                                                         const ConvolutionGeometry &geometry,
                                                         bool for_input);
