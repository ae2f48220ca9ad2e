// Which of the compiled kernels run.
#include "InstructionSet.h"

#include <CInstructionSet.h>

#include <atomic>
#include <cstdlib>

#include "../Boundary.h"

static std::atomic<bool> enabled{std::getenv("CYTOSELF_PLAIN") == nullptr};

bool ct_kernels_enabled() { return enabled.load(std::memory_order_relaxed); }

void ct_set_kernels(int32_t value) { enabled.store(value != 0); }

int32_t ct_kernels(void) { return ct_kernels_enabled() ? 1 : 0; }

static InstructionSet widest() {
  switch (cytoself_chosen_instruction_set()) {
    case cytoself_avx512: return InstructionSet::avx512;
    case cytoself_avx2: return InstructionSet::avx2;
    case cytoself_portable: return InstructionSet::portable;
  }
  return InstructionSet::portable;
}

InstructionSet ct_instruction_set(int64_t channels) {
  static const InstructionSet found = widest();
  if (found == InstructionSet::avx512 && channels % 16 == 0) return InstructionSet::avx512;
  if (found != InstructionSet::portable && channels % 8 == 0) return InstructionSet::avx2;
  return InstructionSet::portable;
}
