// What every file of the boundary shares: the handle, and the guard no exception passes.
#pragma once
// One sentence before the compiler's own: what to do when libtorch is missing or of another
// version.
#if !__has_include(<torch/headeronly/version.h>)
#error "libtorch was not found where .libtorch or LIBTORCH points. Run scripts/setup."
#else
#include <torch/headeronly/version.h>
// The minor versions that scripts/package compiles this for.
#if TORCH_VERSION_MAJOR != 2 || TORCH_VERSION_MINOR < 11 || TORCH_VERSION_MINOR > 15
#error "libtorch 2.11 to 2.15 is needed, and this is another version. Run scripts/setup."
#endif
#endif

#include <ATen/core/Tensor.h>
#include <c10/util/Exception.h>

#include <atomic>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <vector>

#include "CTorch.h"

struct Recomputation;

extern std::atomic<int64_t> ct_live_count;

struct ct_tensor {
  explicit ct_tensor(at::Tensor v) : value(std::move(v)) { ct_live_count.fetch_add(1); }
  ~ct_tensor() { ct_live_count.fetch_sub(1); }
  ct_tensor(const ct_tensor &) = delete;
  at::Tensor value;
  // How the map can be made again, for the backward pass of what takes it; null for most tensors.
  // Only ct_recomputation reads it.
  std::shared_ptr<const Recomputation> recomputation;
  // Writes to the map and to what it is made from, as ct_writes counted them when it was made.
  int64_t writes = 0;
};

// How the map of a tensor can be made again, for the backward pass of what takes it; null where
// nothing says how. An operation in place on the map, on a view of it or on what it is made from
// makes what was said untrue, so after one it is null too, and the map itself is kept.
std::shared_ptr<const Recomputation> ct_recomputation(const ct_tensor *tensor);

// The writes so far to a map and to what it is made from. libtorch counts them for each storage that
// tensors share and never counts down, so while the sum stays, nothing was written.
int64_t ct_writes(const at::Tensor &map, const Recomputation &recomputation);

// Runs `body`; whatever it throws becomes a status and a message without a C++ stack trace.
template <class Body>
ct_status ct_guard(char **message, Body &&body) noexcept {
  try {
    body();
    return CT_OK;
  } catch (const c10::OutOfMemoryError &error) {
    *message = strdup(error.what_without_backtrace());
    return CT_OUT_OF_MEMORY;
  } catch (const c10::Error &error) {
    *message = strdup(error.what_without_backtrace());
    return CT_BACKEND;
  } catch (const std::bad_alloc &) {
    *message = strdup("out of memory");
    return CT_OUT_OF_MEMORY;
  } catch (const std::exception &error) {
    *message = strdup(error.what());
    return CT_STANDARD;
  } catch (...) {
    *message = strdup("an exception of unknown type");
    return CT_UNKNOWN;
  }
}

// Runs `body`, which makes a tensor, and hands the caller a new handle to it.
template <class Body>
ct_status ct_make(ct_tensor **out, char **message, Body &&body) noexcept {
  return ct_guard(message, [&] { *out = new ct_tensor(body()); });
}

// The same for an operation that says how its result can be made again.
template <class Body>
ct_status ct_make_again(ct_tensor **out, char **message, Body &&body) noexcept {
  return ct_guard(message, [&] {
    std::shared_ptr<const Recomputation> recomputation;
    *out = new ct_tensor(body(recomputation));
    if (recomputation == nullptr) return;
    (*out)->writes = ct_writes((*out)->value, *recomputation);
    (*out)->recomputation = std::move(recomputation);
  });
}

inline at::Tensor ct_value_or_undefined(const ct_tensor *tensor) {
  return tensor == nullptr ? at::Tensor() : tensor->value;
}

inline c10::optional<at::Tensor> ct_optional_value(const ct_tensor *tensor) {
  if (tensor == nullptr) return c10::nullopt;
  return tensor->value;
}

inline at::IntArrayRef ct_list(const int64_t *values, int32_t count) {
  return at::IntArrayRef(values, static_cast<size_t>(count));
}

inline std::vector<at::Tensor> ct_tensors(const ct_tensor *const *tensors, int32_t count) {
  std::vector<at::Tensor> values;
  values.reserve(static_cast<size_t>(count));
  for (int32_t i = 0; i < count; i++) values.push_back(tensors[i]->value);
  return values;
}

at::ScalarType ct_scalar_type(int32_t type);
at::Device ct_device(int32_t kind, int32_t index);
