// A map times a number for each image and channel, as squeeze and excitation weighs channels.
#pragma once
#include <ATen/core/Tensor.h>

// Whether our own kernel takes them: float32 on the CPU, a channels-last map [batch, channel, height, width]
// of a multiple of 4 channels, and numbers [batch, channel, 1, 1].
bool ct_scaled_channels_fits(const at::Tensor &input, const at::Tensor &scale);

// input * scale with gradients for both; backward is one pass over the map.
at::Tensor ct_scaled_channels(const at::Tensor &input, const at::Tensor &scale);
