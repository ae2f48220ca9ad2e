// Convolutions and matrix products in bfloat16.
#include "Boundary.h"

#include <ATen/autocast_mode.h>

int32_t ct_set_autocast(int32_t kind, int32_t enabled) {
  const at::DeviceType device = ct_device(kind, 0).type();
  const bool before = at::autocast::is_autocast_enabled(device);
  if (enabled != 0) at::autocast::set_autocast_dtype(device, at::kBFloat16);
  at::autocast::set_autocast_enabled(device, enabled != 0);
  // Weights are kept in bfloat16 between their uses in one scope; the next step changes them.
  if (before && enabled == 0) at::autocast::clear_cache();
  return before ? 1 : 0;
}
