// Which vector instructions our kernels use: one choice for the analysis (CMatrixKernels) and for the
// model (CTorch).
#ifndef CYTOSELF_INSTRUCTION_SET_H
#define CYTOSELF_INSTRUCTION_SET_H

#ifdef __cplusplus
extern "C" {
#endif

/// Sets of instructions, each with all that come before it.
typedef enum {
  cytoself_portable = 0,
  cytoself_avx2 = 1,
  cytoself_avx512 = 2,
} cytoself_instruction_set;

/// The widest set that the processor has and `capability` allows: `default`, `avx2` or `avx512`, as
/// libtorch's variable ATEN_CPU_CAPABILITY spells them. NULL, or any other word, allows all.
cytoself_instruction_set cytoself_instruction_set_within(const char *capability);

/// The set that the kernels of this process use: as ATEN_CPU_CAPABILITY allows at the first call. libtorch's own kernels follow the same variable.
cytoself_instruction_set cytoself_chosen_instruction_set(void);

#ifdef __cplusplus
}
#endif
#endif
