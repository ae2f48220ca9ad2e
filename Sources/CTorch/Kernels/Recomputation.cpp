// Maps that the backward pass makes again instead of keeping them.
#include "Recomputation.h"

#include "../Boundary.h"
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

int64_t ct_writes(const at::Tensor &map, const Recomputation &recomputation) {
  const at::Tensor &factors = recomputation.factors;
  return map._version() + recomputation.input._version() + recomputation.affine._version() +
         (factors.defined() ? factors._version() : 0);
}

std::shared_ptr<const Recomputation> ct_recomputation(const ct_tensor *tensor) {
  if (tensor->recomputation == nullptr ||
      ct_writes(tensor->value, *tensor->recomputation) != tensor->writes)
    return nullptr;
  return tensor->recomputation;
}
