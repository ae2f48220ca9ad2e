// Vector types and the choice between the variants of a kernel.
#ifndef CYTOSELF_MATRIX_DISPATCH_H
#define CYTOSELF_MATRIX_DISPATCH_H

#include <CInstructionSet.h>

#include "CMatrixKernels.h"

// Vectors are named by their elements and how many they are. Alignment 4: loads and stores work at any
// float. A vector wider than the processor's is split by the compiler, so the portable variant is
// correct everywhere and fast on arm64.
typedef float floats8 __attribute__((vector_size(32), aligned(4)));
typedef int32_t ints8 __attribute__((vector_size(32), aligned(4)));
typedef float floats16 __attribute__((vector_size(64), aligned(4)));
typedef int32_t ints16 __attribute__((vector_size(64), aligned(4)));

#define ALWAYS_INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define HAS_X86_VARIANTS 1
#define FOR_AVX2 __attribute__((target("avx2,fma")))
#define FOR_AVX512 __attribute__((target("avx2,fma,avx512f,avx512vl,avx512dq,avx512bw")))
static inline int uses_avx2(void) { return cytoself_chosen_instruction_set() >= cytoself_avx2; }
static inline int uses_avx512(void) { return cytoself_chosen_instruction_set() >= cytoself_avx512; }
#endif

#endif
