// The nearest code of each position of a map.
#include "NearestCode.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>

#include <limits>

#include "InstructionSet.h"

namespace {

struct CodeShape {
  int64_t codes, width;
  // A whole number of the longest vectors.
  int64_t padded_codes;
};

#define CT_KERNEL "NearestCodeKernel.h"
#include "ForEachInstructionSet.h"
#undef CT_KERNEL

constexpr int64_t longest_vector = 16, most_accumulators = 8;

}  // namespace

bool ct_nearest_fits(const at::Tensor &rows, const at::Tensor &codes) {
  return ct_kernels_enabled() && rows.device().is_cpu() && codes.device().is_cpu() &&
         rows.scalar_type() == at::kFloat && codes.scalar_type() == at::kFloat &&
         rows.dim() == 2 && codes.dim() == 2 && rows.size(1) == codes.size(1) && codes.size(0) > 0;
}

std::pair<at::Tensor, at::Tensor> ct_nearest_code(const at::Tensor &rows, const at::Tensor &codes,
                                                  bool with_spread) {
  const at::Tensor plain = rows.detach().contiguous(), book = codes.detach();
  const int64_t count = book.size(0);
  const CodeShape shape{count, book.size(1),
                        (count + longest_vector - 1) / longest_vector * longest_vector};
  const at::Tensor transposed = at::zeros({shape.width, shape.padded_codes});
  transposed.narrow(1, 0, count).copy_(book.t());
  const at::Tensor squares =
      at::full({shape.padded_codes}, std::numeric_limits<float>::infinity(), at::kFloat);
  squares.narrow(0, 0, count).copy_(book.square().sum(1));
  at::Tensor nearest = at::empty({plain.size(0)}, at::kLong);
  at::Tensor spread = with_spread ? at::empty({plain.size(0)}) : at::Tensor();

  const float *in = plain.const_data_ptr<float>(), *c = transposed.const_data_ptr<float>();
  const float *s = squares.const_data_ptr<float>();
  int64_t *out = nearest.mutable_data_ptr<int64_t>();
  float *sums = with_spread ? spread.mutable_data_ptr<float>() : nullptr;
  const InstructionSet set = ct_instruction_set(longest_vector);
  ct_parallel(plain.size(0), [&](int64_t first, int64_t last) {
    const at::Tensor scratch = at::empty({most_accumulators * (shape.padded_codes + shape.width)});
    float *room = scratch.mutable_data_ptr<float>();
    CT_DISPATCH(set, nearest_codes(shape, in, c, s, first, last, room, out, sums));
  });
  return {nearest, spread};
}
