// Maps that the backward pass makes again instead of keeping them (Chen, Xu, Zhang and Guestrin
// 2016).
#pragma once
#include <ATen/core/Tensor.h>

#include <vector>

// How a map is made from one that is kept in any case: f(input * scale + offset) * factors.
//
// Between two convolutions lie a normalisation, which keeps what it was given, and the next
// convolution, which needs what came out: without this both are kept, and of the squeeze and
// excitation's product a third.
struct Recomputation {
  // [batch, channel, height, width], channels-last.
  at::Tensor input;
  // [2, channels]: scale and offset.
  at::Tensor affine;
  // Whether f is SiLU or nothing.
  bool activates;
  // [batch, channel, 1, 1], or undefined for no factors.
  at::Tensor factors;

  // The map, to the bit as the forward pass made it.
  at::Tensor map() const;
};

// A map that a backward pass needs: itself, or how to make it again.
class KeptMap {
 public:
  KeptMap(const at::Tensor &map, const Recomputation *recomputation);

  // Of what `tensors` gave, which was kept first, in a backward pass.
  KeptMap(const std::vector<at::Tensor> &saved, bool activates);

  // What autograd must keep: `count` tensors, some of them undefined.
  static constexpr size_t count = 3;
  std::vector<at::Tensor> tensors() const { return {kept_.input, kept_.affine, kept_.factors}; }
  bool activates() const { return kept_.activates; }

  at::Tensor map() const { return kept_.affine.defined() ? kept_.map() : kept_.input; }

 private:
  Recomputation kept_;
};
