// The nearest code of each position of a map.
#include "NearestCode.h"

#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>

#include <limits>

#include "InstructionSet.h"
#include "Parallel.h"

namespace {

// Codes of a panel. The codebook is cut into panels [width, panel_width], each in one piece: it is
// read in order, and stays in the first-level cache while all rows of a block pass by.
constexpr int64_t panel_width = 32;

struct CodeShape {
  int64_t codes, width;
  // A whole number of panels.
  int64_t padded_codes;
};

// Rows that pass through the codebook together, a multiple of the rows of a block of a product.
constexpr int64_t code_rows = 24;

#define CT_KERNEL "NearestCodeKernel.h"
#include "ForEachInstructionSet.h"
#undef CT_KERNEL

}  // namespace

bool ct_nearest_fits(const at::Tensor &rows, const at::Tensor &codes) {
  return ct_kernels_enabled() && rows.device().is_cpu() && codes.device().is_cpu() &&
         rows.scalar_type() == at::kFloat && codes.scalar_type() == at::kFloat && rows.dim() == 2 &&
         codes.dim() == 2 && rows.size(1) == codes.size(1) && codes.size(0) > 0;
}

std::pair<at::Tensor, at::Tensor> ct_nearest_code(const at::Tensor &rows, const at::Tensor &codes,
                                                  bool with_spread) {
  const at::Tensor plain = rows.detach().contiguous(), book = codes.detach();
  const int64_t count = book.size(0);
  const CodeShape shape{count, book.size(1), (count + panel_width - 1) / panel_width * panel_width};
  const at::Tensor panels = at::constant_pad_nd(book, {0, 0, 0, shape.padded_codes - count})
                                .view({shape.padded_codes / panel_width, panel_width, shape.width})
                                .transpose(1, 2)
                                .contiguous();
  const at::Tensor squares =
      at::full({shape.padded_codes}, std::numeric_limits<float>::infinity(), at::kFloat);
  squares.narrow(0, 0, count).copy_(book.square().sum(1));
  at::Tensor nearest = at::empty({plain.size(0)}, at::kLong);
  at::Tensor spread = with_spread ? at::empty({plain.size(0)}) : at::Tensor();

  const float *in = plain.const_data_ptr<float>(), *c = panels.const_data_ptr<float>();
  const float *s = squares.const_data_ptr<float>();
  int64_t *out = nearest.mutable_data_ptr<int64_t>();
  float *sums = with_spread ? spread.mutable_data_ptr<float>() : nullptr;
  const InstructionSet set = ct_instruction_set(ct_longest_vector);
  const int64_t room = code_rows * (shape.padded_codes + shape.width);
  ct_parallel(plain.size(0), code_rows, room, [&](int64_t first, int64_t last, float *scratch) {
    CT_DISPATCH(set, nearest_codes(shape, in, c, s, first, last, scratch, out, sums));
  });
  return {nearest, spread};
}
