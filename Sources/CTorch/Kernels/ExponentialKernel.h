// The exponential function over vectors, compiled for one instruction set.
typedef int32_t ivec __attribute__((vector_size(CT_LANES * sizeof(int32_t)), aligned(4)));

// e to the power of x, within two units in the last place, for -87 ... 88 and clamped beyond:
// Cephes's polynomial on x - n ln 2, times 2 to the power of n.
CT_INLINE void exponential(vec &result, vec x) {
  x = x < -87.0f ? vec{} - 87.0f : x;
  x = x > 88.0f ? vec{} + 88.0f : x;
  constexpr float rounding = 12582912.0f;  // 1.5 * 2^23: adding it leaves the nearest integer.
  const vec shifted = x * 1.44269504088896341f + rounding;
  const vec n = shifted - rounding;
  const vec r = x - n * 0.693359375f - n * -2.12194440e-4f;
  vec p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  // The integer n is in the low bits of `shifted`; it goes to the exponent of 1.
  const ivec power = (((ivec)shifted - 0x4B400000) << 23) + 0x3F800000;
  result = p * (vec)power;
}
