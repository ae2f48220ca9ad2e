// Which of the compiled kernels run, and the threads they run on.
#pragma once
#include <c10/util/FunctionRef.h>

#include <cstdint>

enum class InstructionSet { portable, avx2, avx512 };

// Whether our own kernels run at all; otherwise libtorch's do.
bool ct_kernels_enabled();

// The widest instruction set that the processor has, that libtorch was not told to leave alone
// (ATEN_CPU_CAPABILITY), and whose vectors divide the number of channels.
InstructionSet ct_instruction_set(int64_t channels);

// Floats in a vector of the instruction set.
constexpr int64_t ct_lanes(InstructionSet set) {
  return set == InstructionSet::avx512 ? 16 : set == InstructionSet::avx2 ? 8 : 4;
}

// Splits 0 ..< count over libtorch's own threads, each a share of it that is the same in every call:
// what one kernel left in a core's cache the next one finds there. A share is worked off in ranges of
// whole `grain`s, and a thread that is done helps with the others', so that one that was held up keeps
// nobody waiting. What is summed must therefore be summed by range, not by thread.
void ct_parallel(int64_t count, int64_t grain,
                 c10::function_ref<void(int64_t first, int64_t last)> body);

// The same with room for `floats` numbers, made once for each thread: it stays in the thread's own cache.
void ct_parallel(int64_t count, int64_t grain, int64_t floats,
                 c10::function_ref<void(int64_t first, int64_t last, float *room)> body);

// Into how many parts sums are cut that are added in order: the same threads give the same bits.
int64_t ct_sum_parts();

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
