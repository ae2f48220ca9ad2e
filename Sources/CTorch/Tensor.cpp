// Making tensors, asking about them, moving their bytes.
#include "Boundary.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>
#include <c10/core/ScalarType.h>

at::ScalarType ct_scalar_type(int32_t type) {
  switch (type) {
    case CT_BOOL: return at::kBool;
    case CT_UINT8: return at::kByte;
    case CT_INT8: return at::kChar;
    case CT_INT16: return at::kShort;
    case CT_INT32: return at::kInt;
    case CT_INT64: return at::kLong;
    case CT_FLOAT16: return at::kHalf;
    case CT_BFLOAT16: return at::kBFloat16;
    case CT_FLOAT32: return at::kFloat;
    case CT_FLOAT64: return at::kDouble;
    default: TORCH_CHECK(false, "element type ", type, " is not known at this boundary");
  }
}

static int32_t type_number(at::ScalarType type) {
  for (int32_t number = CT_BOOL; number <= CT_FLOAT64; number++) {
    if (ct_scalar_type(number) == type) return number;
  }
  return -1;
}

ct_status ct_from_bytes(ct_tensor **out, const void *bytes, const int64_t *shape, int32_t rank,
                        int32_t type, char **message) {
  return ct_make(out, message, [&] {
    at::Tensor tensor = at::empty(ct_list(shape, rank), at::dtype(ct_scalar_type(type)));
    if (tensor.nbytes() > 0) std::memcpy(tensor.data_ptr(), bytes, tensor.nbytes());
    return tensor;
  });
}

ct_status ct_full(ct_tensor **out, double value, const int64_t *shape, int32_t rank, int32_t type,
                  int32_t device, int32_t device_index, char **message) {
  return ct_make(out, message, [&] {
    return at::full(ct_list(shape, rank), value,
                    at::dtype(ct_scalar_type(type)).device(ct_device(device, device_index)));
  });
}

ct_status ct_arange(ct_tensor **out, int64_t count, int32_t device, int32_t device_index,
                    char **message) {
  return ct_make(out, message, [&] {
    return at::arange(count, at::dtype(at::kLong).device(ct_device(device, device_index)));
  });
}

ct_status ct_share(ct_tensor **out, const ct_tensor *a, char **message) {
  return ct_make(out, message, [&] { return a->value; });
}

int32_t ct_rank(const ct_tensor *a) { return static_cast<int32_t>(a->value.dim()); }

int64_t ct_size(const ct_tensor *a, int32_t axis) {
  return a->value.sizes()[static_cast<size_t>(axis)];
}

int64_t ct_count(const ct_tensor *a) { return a->value.numel(); }

int32_t ct_type(const ct_tensor *a) { return type_number(a->value.scalar_type()); }

int32_t ct_device_kind(const ct_tensor *a) {
  if (a->value.is_cuda()) return CT_CUDA;
  return a->value.is_mps() ? CT_MPS : CT_CPU;
}

int32_t ct_device_index(const ct_tensor *a) {
  return a->value.device().has_index() ? a->value.device().index() : 0;
}

int32_t ct_is_contiguous(const ct_tensor *a) { return a->value.is_contiguous() ? 1 : 0; }

ct_status ct_item(const ct_tensor *a, double *value, char **message) {
  return ct_guard(message, [&] { *value = a->value.item().toDouble(); });
}

ct_status ct_copy_bytes(const ct_tensor *a, void *bytes, int64_t count, char **message) {
  return ct_guard(message, [&] {
    at::Tensor host = a->value.detach().to(at::kCPU).contiguous();
    TORCH_CHECK(static_cast<int64_t>(host.nbytes()) == count, "the buffer has ", count,
                " bytes, the tensor ", host.nbytes());
    if (count > 0) std::memcpy(bytes, host.data_ptr(), host.nbytes());
  });
}

ct_status ct_to(ct_tensor **out, const ct_tensor *a, int32_t type, int32_t device,
                int32_t device_index, char **message) {
  return ct_make(out, message, [&] {
    return a->value.to(at::dtype(ct_scalar_type(type)).device(ct_device(device, device_index)));
  });
}

ct_status ct_clone(ct_tensor **out, const ct_tensor *a, char **message) {
  return ct_make(out, message, [&] { return a->value.clone(); });
}

ct_status ct_copy_(const ct_tensor *target, const ct_tensor *source, char **message) {
  return ct_guard(message, [&] { target->value.copy_(source->value); });
}

ct_status ct_set_data(const ct_tensor *target, const ct_tensor *source, char **message) {
  return ct_guard(message, [&] {
    // It would pass by the count of writes.
    TORCH_CHECK(target->recomputation == nullptr, "a map that a layer made is no parameter");
    target->value.set_data(source->value);
  });
}

ct_status ct_fill_(const ct_tensor *target, double value, char **message) {
  return ct_guard(message, [&] { target->value.fill_(value); });
}
