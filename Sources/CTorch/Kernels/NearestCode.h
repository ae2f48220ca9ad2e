// The nearest code of each position of a map.
#pragma once
#include <ATen/core/Tensor.h>

#include <utility>

// Whether the kernel is made for this: float32 on the CPU, no gradient wanted.
bool ct_nearest_fits(const at::Tensor &rows, const at::Tensor &codes);

// For rows [n, width] and codes [count, width]: the numbers of the nearest codes, int64 [n], and, if
// requested, the logarithm of the sum over codes of exp(least squared distance - squared distance),
// [n]: the cross-entropy between softmax(-distance) and the nearest code. No matrix of distances is
// made.
std::pair<at::Tensor, at::Tensor> ct_nearest_code(const at::Tensor &rows, const at::Tensor &codes,
                                                  bool with_spread);
