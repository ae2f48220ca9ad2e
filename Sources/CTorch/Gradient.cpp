// Automatic differentiation. The grad mode belongs to the calling thread.
#include "Boundary.h"

#include <ATen/core/grad_mode.h>

int32_t ct_set_gradients_enabled(int32_t enabled) {
  const bool before = at::GradMode::is_enabled();
  at::GradMode::set_enabled(enabled != 0);
  return before ? 1 : 0;
}

int32_t ct_gradients_enabled(void) { return at::GradMode::is_enabled() ? 1 : 0; }

ct_status ct_set_requires_gradient(const ct_tensor *a, int32_t requires_gradient, char **message) {
  return ct_guard(message, [&] { a->value.requires_grad_(requires_gradient != 0); });
}

int32_t ct_requires_gradient(const ct_tensor *a) { return a->value.requires_grad() ? 1 : 0; }

ct_status ct_detach(ct_tensor **out, const ct_tensor *a, char **message) {
  return ct_make(out, message, [&] { return a->value.detach(); });
}

ct_status ct_backward(const ct_tensor *loss, char **message) {
  return ct_guard(message, [&] { loss->value.backward(); });
}

ct_status ct_gradient(ct_tensor **out, const ct_tensor *a, char **message) {
  return ct_guard(message, [&] {
    const at::Tensor &gradient = a->value.grad();
    *out = gradient.defined() ? new ct_tensor(gradient) : nullptr;
  });
}

ct_status ct_set_gradient(const ct_tensor *a, const ct_tensor *gradient, char **message) {
  return ct_guard(message, [&] { a->value.mutable_grad() = ct_value_or_undefined(gradient); });
}
