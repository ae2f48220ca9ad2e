// Which of the compiled kernels run, and the threads they run on.
#include "InstructionSet.h"

#include <ATen/Parallel.h>
#include <ATen/TensorIterator.h>
#include <ATen/Version.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <string>

#include "../Boundary.h"

static std::atomic<bool> enabled{std::getenv("CYTOSELF_PLAIN") == nullptr};

bool ct_kernels_enabled() { return enabled.load(std::memory_order_relaxed); }

void ct_set_kernels(int32_t value) { enabled.store(value != 0); }

int32_t ct_kernels(void) { return ct_kernels_enabled() ? 1 : 0; }

static InstructionSet widest() {
  // libtorch's word and not the processor's: one variable then rules both.
  const std::string capability = at::get_cpu_capability();
  if (capability == "AVX512") return InstructionSet::avx512;
  if (capability == "AVX2") return InstructionSet::avx2;
  return InstructionSet::portable;
}

InstructionSet ct_instruction_set(int64_t channels) {
  static const InstructionSet found = widest();
  if (found == InstructionSet::avx512 && channels % 16 == 0) return InstructionSet::avx512;
  if (found != InstructionSet::portable && channels % 8 == 0) return InstructionSet::avx2;
  return InstructionSet::portable;
}

// Ranges for each thread: more even the load, fewer begin and end less often.
static constexpr int64_t ranges_per_thread = 8;

int64_t ct_sum_parts() { return 2 * at::get_num_threads(); }

// at::parallel_for is a pragma in a header and does nothing unless the caller is compiled with the
// OpenMP of libtorch. An iterator's loop is compiled inside libtorch: it brings the threads,
// whatever they are on this platform. It runs over a byte for each thread; all of them draw from
// one counter.
void ct_parallel(int64_t count, int64_t grain,
                 c10::function_ref<void(int64_t first, int64_t last)> body) {
  if (count <= 0) return;
  const int64_t threads = at::get_num_threads(), grains = (count + grain - 1) / grain;
  const int64_t ranges = std::min(grains, threads * ranges_per_thread);
  const int64_t step = (grains + ranges - 1) / ranges * grain;
  std::atomic<int64_t> next{0};
  at::Tensor marks = at::empty({std::min(threads, ranges)}, at::kByte);
  at::TensorIterator iterator = at::TensorIterator::nullary_op(marks);
  iterator.for_each(
      [&](char **, const int64_t *, int64_t) {
        for (int64_t first; (first = next.fetch_add(step)) < count;)
          body(first, std::min(first + step, count));
      },
      /*grain_size=*/1);
}
