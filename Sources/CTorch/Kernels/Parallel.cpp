// The threads that kernels run on.
#include "Parallel.h"

#include <ATen/Parallel.h>
#include <ATen/TensorIterator.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <atomic>
#include <vector>

// Ranges for each thread: more even the load, fewer begin and end less often.
static constexpr int64_t ranges_per_thread = 8;

int64_t ct_sum_parts() { return 2 * at::get_num_threads(); }

namespace {

// A thread's share of the work, given out in ranges. A cache line of its own for each.
struct alignas(64) Share {
  std::atomic<int64_t> next;
  int64_t last;
};

}  // namespace

// at::parallel_for is a pragma in a header and does nothing unless the caller is compiled with the
// OpenMP of libtorch. An iterator's loop is compiled inside libtorch: it brings the threads,
// whatever they are on this platform. It runs over a byte for each thread, whose address tells the
// share.
void ct_parallel(int64_t count, int64_t grain, int64_t floats,
                 c10::function_ref<void(int64_t first, int64_t last, float *room)> body) {
  if (count <= 0) return;
  const auto whole = [grain](int64_t length) { return (length + grain - 1) / grain * grain; };
  const int64_t threads = std::min<int64_t>(at::get_num_threads(), (count + grain - 1) / grain);
  const int64_t length = whole((count + threads - 1) / threads);
  const int64_t step = whole((length + ranges_per_thread - 1) / ranges_per_thread);
  std::vector<Share> shares(threads);
  for (int64_t i = 0; i < threads; i++) {
    shares[i].next = i * length;
    shares[i].last = std::min((i + 1) * length, count);
  }
  at::Tensor marks = at::empty({threads}, at::kByte);
  const char *base = static_cast<const char *>(marks.const_data_ptr());
  at::TensorIterator iterator = at::TensorIterator::nullary_op(marks);
  iterator.for_each(
      [&](char **data, const int64_t *, int64_t) {
        const at::Tensor scratch = floats > 0 ? at::empty({floats}) : at::Tensor();
        float *room = floats > 0 ? scratch.mutable_data_ptr<float>() : nullptr;
        for (int64_t i = 0; i < threads; i++) {
          Share &share = shares[(data[0] - base + i) % threads];
          for (int64_t first; (first = share.next.fetch_add(step)) < share.last;)
            body(first, std::min(first + step, share.last), room);
        }
      },
      /*grain_size=*/1);
}

void ct_parallel(int64_t count, int64_t grain,
                 c10::function_ref<void(int64_t first, int64_t last)> body) {
  ct_parallel(count, grain, 0, [&](int64_t first, int64_t last, float *) { body(first, last); });
}
