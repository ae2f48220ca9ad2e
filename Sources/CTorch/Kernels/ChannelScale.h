// A map times a number for each image and channel, as squeeze and excitation weighs channels.
#pragma once
#include <ATen/core/Tensor.h>

#include <memory>

#include "Recomputation.h"

// Whether our own kernel takes them: float32 on the CPU, a channels-last map [batch, channel,
// height, width] of a multiple of 4 channels, and numbers [batch, channel, 1, 1].
bool ct_scaled_channels_fits(const at::Tensor &input, const at::Tensor &scale);

// input * scale with gradients for both; backward is one pass over the map. `recomputation`, if
// there is one, says how `input` can be made again, and is replaced by how the product can.
at::Tensor ct_scaled_channels(const at::Tensor &input, const at::Tensor &scale,
                              std::shared_ptr<const Recomputation> &recomputation);

// input * factors, without gradients.
at::Tensor ct_channel_product(const at::Tensor &input, const at::Tensor &factors);
