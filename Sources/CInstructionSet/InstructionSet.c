#include "CInstructionSet.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static cytoself_instruction_set widest(void) {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return cytoself_portable;
  // Those that libtorch requires for its own kernels of this width.
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")) {
    return cytoself_avx512;
  }
  return cytoself_avx2;
#else
  return cytoself_portable;
#endif
}

cytoself_instruction_set cytoself_instruction_set_within(const char *capability) {
  cytoself_instruction_set limit = cytoself_avx512;
  if (capability && strcmp(capability, "default") == 0) limit = cytoself_portable;
  if (capability && strcmp(capability, "avx2") == 0) limit = cytoself_avx2;
  const cytoself_instruction_set found = widest();
  return found < limit ? found : limit;
}

cytoself_instruction_set cytoself_chosen_instruction_set(void) {
  static atomic_int chosen = -1;
  int set = atomic_load_explicit(&chosen, memory_order_relaxed);
  if (set < 0) {
    set = cytoself_instruction_set_within(getenv("ATEN_CPU_CAPABILITY"));
    atomic_store_explicit(&chosen, set, memory_order_relaxed);
  }
  return (cytoself_instruction_set)set;
}
