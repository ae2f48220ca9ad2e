// Views and rearrangements.
#include "Boundary.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>

ct_status ct_reshape(ct_tensor **out, const ct_tensor *a, const int64_t *shape, int32_t rank,
                     char **message) {
  return ct_make(out, message, [&] { return a->value.reshape(ct_list(shape, rank)); });
}

ct_status ct_permute(ct_tensor **out, const ct_tensor *a, const int64_t *order, int32_t rank,
                     char **message) {
  return ct_make(out, message, [&] { return a->value.permute(ct_list(order, rank)); });
}

ct_status ct_contiguous(ct_tensor **out, const ct_tensor *a, char **message) {
  return ct_make(out, message, [&] { return a->value.contiguous(); });
}

ct_status ct_channels_last(ct_tensor **out, const ct_tensor *a, char **message) {
  return ct_make(out, message, [&] { return a->value.contiguous(at::MemoryFormat::ChannelsLast); });
}

ct_status ct_narrow(ct_tensor **out, const ct_tensor *a, int64_t axis, int64_t start,
                    int64_t length, char **message) {
  return ct_make(out, message, [&] { return a->value.narrow(axis, start, length); });
}

ct_status ct_concatenate(ct_tensor **out, const ct_tensor *const *parts, int32_t count,
                         int64_t axis, char **message) {
  return ct_make(out, message, [&] { return at::cat(ct_tensors(parts, count), axis); });
}

ct_status ct_index_select(ct_tensor **out, const ct_tensor *a, int64_t axis,
                          const ct_tensor *indices, char **message) {
  return ct_make(out, message, [&] { return a->value.index_select(axis, indices->value); });
}

ct_status ct_flip(ct_tensor **out, const ct_tensor *a, const int64_t *axes, int32_t count,
                  char **message) {
  return ct_make(out, message, [&] { return a->value.flip(ct_list(axes, count)); });
}

ct_status ct_rotate(ct_tensor **out, const ct_tensor *a, int64_t quarter_turns, int64_t axis0,
                    int64_t axis1, char **message) {
  return ct_make(out, message, [&] { return a->value.rot90(quarter_turns, {axis0, axis1}); });
}

ct_status ct_pad(ct_tensor **out, const ct_tensor *a, const int64_t *padding, int32_t count,
                 char **message) {
  return ct_make(out, message,
                 [&] { return at::constant_pad_nd(a->value, ct_list(padding, count), 0); });
}
