// Element by element, reductions, products.
#include "Boundary.h"

#include <ATen/ops/amax.h>
#include <ATen/ops/amin.h>
#include <ATen/ops/bincount.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/logsumexp.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/minimum.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/zeros.h>

ct_status ct_binary(ct_tensor **out, int32_t operation, const ct_tensor *a, const ct_tensor *b,
                    char **message) {
  return ct_make(out, message, [&]() -> at::Tensor {
    switch (operation) {
      case CT_ADD: return a->value.add(b->value);
      case CT_SUBTRACT: return a->value.sub(b->value);
      case CT_MULTIPLY: return a->value.mul(b->value);
      case CT_DIVIDE: return a->value.div(b->value);
      case CT_EQUAL: return a->value.eq(b->value);
      case CT_MAXIMUM: return at::maximum(a->value, b->value);
      case CT_MINIMUM: return at::minimum(a->value, b->value);
      default: TORCH_CHECK(false, "binary operation ", operation, " is not known");
    }
  });
}

ct_status ct_binary_scalar(ct_tensor **out, int32_t operation, const ct_tensor *a, double b,
                           char **message) {
  return ct_make(out, message, [&]() -> at::Tensor {
    switch (operation) {
      case CT_ADD: return a->value.add(b);
      case CT_SUBTRACT: return a->value.sub(b);
      case CT_MULTIPLY: return a->value.mul(b);
      case CT_DIVIDE: return a->value.div(b);
      case CT_EQUAL: return a->value.eq(b);
      case CT_MAXIMUM: return a->value.clamp_min(b);
      case CT_MINIMUM: return a->value.clamp_max(b);
      default: TORCH_CHECK(false, "binary operation ", operation, " is not known");
    }
  });
}

ct_status ct_unary(ct_tensor **out, int32_t operation, const ct_tensor *a, char **message) {
  return ct_make(out, message, [&]() -> at::Tensor {
    switch (operation) {
      case CT_NEGATIVE: return a->value.neg();
      case CT_EXP: return a->value.exp();
      case CT_LOG: return a->value.log();
      case CT_SQRT: return a->value.sqrt();
      case CT_SQUARE: return a->value.square();
      case CT_ABS: return a->value.abs();
      case CT_SIGMOID: return a->value.sigmoid();
      case CT_SILU: return at::silu(a->value);
      case CT_RELU: return at::relu(a->value);
      case CT_IS_FINITE: return at::isfinite(a->value);
      default: TORCH_CHECK(false, "unary operation ", operation, " is not known");
    }
  });
}

ct_status ct_reduce(ct_tensor **out, int32_t operation, const ct_tensor *a, const int64_t *axes,
                    int32_t count, int32_t keep, char **message) {
  return ct_make(out, message, [&]() -> at::Tensor {
    const at::IntArrayRef list = ct_list(axes, count);
    switch (operation) {
      case CT_SUM: return a->value.sum(list, keep != 0);
      case CT_MEAN: return a->value.mean(list, keep != 0);
      case CT_MAX: return at::amax(a->value, list, keep != 0);
      case CT_MIN: return at::amin(a->value, list, keep != 0);
      case CT_LOG_SUM_EXP: return at::logsumexp(a->value, list, keep != 0);
      default: TORCH_CHECK(false, "reduction ", operation, " is not known");
    }
  });
}

ct_status ct_argmin(ct_tensor **out, const ct_tensor *a, int64_t axis, char **message) {
  return ct_make(out, message, [&] { return a->value.argmin(axis); });
}

ct_status ct_matmul(ct_tensor **out, const ct_tensor *a, const ct_tensor *b, char **message) {
  return ct_make(out, message, [&] { return at::matmul(a->value, b->value); });
}

ct_status ct_all_close(int32_t *result, const ct_tensor *a, const ct_tensor *b, double relative,
                       double absolute, char **message) {
  return ct_guard(message,
                  [&] { *result = a->value.allclose(b->value, relative, absolute) ? 1 : 0; });
}

ct_status ct_bincount(ct_tensor **out, const ct_tensor *a, int64_t bins, char **message) {
  return ct_make(out, message, [&] { return at::bincount(a->value, {}, bins); });
}

ct_status ct_sum_rows(ct_tensor **out, const ct_tensor *rows, const ct_tensor *bins, int64_t count,
                      char **message) {
  return ct_make(out, message, [&] {
    return at::zeros({count, rows->value.size(1)}, rows->value.options())
        .index_add_(0, bins->value, rows->value);
  });
}

ct_status ct_add_(const ct_tensor *a, const ct_tensor *b, double alpha, char **message) {
  return ct_guard(message, [&] { a->value.add_(b->value, alpha); });
}

ct_status ct_scale_(const ct_tensor *a, double alpha, char **message) {
  return ct_guard(message, [&] { a->value.mul_(alpha); });
}
