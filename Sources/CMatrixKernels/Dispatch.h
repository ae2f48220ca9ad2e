// Vector types and the choice between a plain and a wide variant of a kernel.
#ifndef CYTOSELF_MATRIX_DISPATCH_H
#define CYTOSELF_MATRIX_DISPATCH_H

#include "CMatrixKernels.h"

// Alignment 4: loads and stores work at any float. A vector wider than the processor's is split by
// the compiler, so the plain variant is correct everywhere and fast on arm64.
typedef float float8 __attribute__((vector_size(32), aligned(4)));
typedef int32_t int8x32 __attribute__((vector_size(32), aligned(4)));
typedef float float16 __attribute__((vector_size(64), aligned(4)));
typedef int32_t int16x32 __attribute__((vector_size(64), aligned(4)));

#define ALWAYS_INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define HAS_WIDE_VARIANT 1
#define WIDE __attribute__((target("avx2,fma")))
#define WIDEST __attribute__((target("avx2,fma,avx512f,avx512vl,avx512dq,avx512bw")))
static inline int cytoself_processor_is_wide(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
static inline int cytoself_processor_is_widest(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
}
#endif

#endif
