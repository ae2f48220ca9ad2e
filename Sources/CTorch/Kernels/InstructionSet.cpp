// Which of the compiled kernels run.
#include "InstructionSet.h"

#include <ATen/Version.h>

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
