// Includes CT_KERNEL once per instruction set, each time in a namespace of its own and compiled
// for it. Which one runs is chosen at run time (InstructionSet.h). Standard headers must have been
// included before: what is included here is compiled for processors that may not be this one.
#define CT_INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx2,fma"))), apply_to = function)
#define CT_LANES 16
#define CT_ACCUMULATORS 8
namespace avx512 {
#include "Lanes.h"
#include CT_KERNEL
}
#undef CT_LANES
#undef CT_ACCUMULATORS
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define CT_LANES 8
#define CT_ACCUMULATORS 4
namespace avx2 {
#include "Lanes.h"
#include CT_KERNEL
}
#undef CT_LANES
#undef CT_ACCUMULATORS
#pragma clang attribute pop
#endif

#define CT_LANES 4
#define CT_ACCUMULATORS 4
namespace portable {
#include "Lanes.h"
#include CT_KERNEL
}
#undef CT_LANES
#undef CT_ACCUMULATORS
#undef CT_INLINE
