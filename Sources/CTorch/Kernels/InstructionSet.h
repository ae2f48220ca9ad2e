// Which of the compiled kernels run.
#pragma once
#include <cstdint>

enum class InstructionSet { portable, avx2, avx512 };

// Whether our own kernels run at all; otherwise libtorch's do.
bool ct_kernels_enabled();

// The widest instruction set that the processor has, that ATEN_CPU_CAPABILITY allows (CInstructionSet)
// and whose vectors divide the number of channels.
InstructionSet ct_instruction_set(int64_t channels);

// Floats in the longest vector there is.
constexpr int64_t ct_longest_vector = 16;

// Floats in a vector of the instruction set.
constexpr int64_t ct_lanes(InstructionSet set) {
  return set == InstructionSet::avx512 ? 16 : set == InstructionSet::avx2 ? 8 : 4;
}

// Calls a kernel compiled for the instruction set `set`.
#if defined(__x86_64__)
#define CT_DISPATCH(set, call)                                 \
  do {                                                         \
    switch (set) {                                             \
      case InstructionSet::avx512: avx512::call; break;        \
      case InstructionSet::avx2: avx2::call; break;            \
      case InstructionSet::portable: portable::call; break;    \
    }                                                          \
  } while (0)
#else
#define CT_DISPATCH(set, call) portable::call
#endif
