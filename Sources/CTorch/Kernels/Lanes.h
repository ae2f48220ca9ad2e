// The vector of the instruction set that the kernels are being compiled for. Every kernel is
// written once, over `vec` of `lanes` floats, and included once for each instruction set by
// ForEachInstructionSet.h, which sets CT_LANES.
typedef float vec __attribute__((vector_size(CT_LANES * sizeof(float)), aligned(4)));
constexpr int64_t lanes = CT_LANES;

CT_INLINE void load(vec &v, const float *from) { v = *reinterpret_cast<const vec *>(from); }
CT_INLINE void store(float *to, const vec &v) { *reinterpret_cast<vec *>(to) = v; }
