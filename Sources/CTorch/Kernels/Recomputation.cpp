// Maps that the backward pass makes again instead of keeping them.
#include "Recomputation.h"

#include "ChannelScale.h"
#include "Normalization.h"

at::Tensor Recomputation::map() const {
  const at::Tensor normalized = ct_affine_activation(input, affine, activates);
  return factors.defined() ? ct_channel_product(normalized, factors) : normalized;
}

KeptMap::KeptMap(const at::Tensor &map, const Recomputation *recomputation)
    : kept_(recomputation == nullptr ? Recomputation{map, {}, false, {}} : *recomputation) {}

KeptMap::KeptMap(const std::vector<at::Tensor> &saved, bool activates)
    : kept_{saved[0], saved[1], activates, saved[2]} {}
