// Exponential functions over vectors, compiled for one instruction set.
typedef int32_t ivec __attribute__((vector_size(CT_LANES * sizeof(int32_t)), aligned(4)));

// 2 to the power of x as `fraction * power`, of which `power` is a whole power; clamped beyond -126
// ... 126.
//
// The polynomial is the best of degree 5 with a constant of 1, by relative error, over -0.5 ...
// 0.5: within 1.1e-7.
CT_INLINE void power_of_two(vec &fraction, vec &power, vec x) {
  x = x < -126.0f ? vec{} - 126.0f : x;
  x = x > 126.0f ? vec{} + 126.0f : x;
  // 1.5 * 2^23 and the exponent of 1: adding it leaves the nearest integer, already biased, in the
  // low bits.
  constexpr float rounding = 12582912.0f + 127.0f;
  const vec shifted = x + rounding;
  const vec f = x - (shifted - rounding);
  vec p = f * 1.326472731e-3f + 9.671512991e-3f;
  p = p * f + 5.550733581e-2f;
  p = p * f + 2.402224243e-1f;
  p = p * f + 6.931470037e-1f;
  fraction = p * f + 1.0f;
  power = (vec)((ivec)shifted << 23);
}

// e to the power of x; the relative error is 1.1e-7 and 9e-8 for each unit of |x|, whose product is
// rounded once.
CT_INLINE void exponential(vec &result, const vec &x) {
  vec fraction, power;
  power_of_two(fraction, power, x * 1.44269504f);
  result = fraction * power;
}

// 1 / (1 + exp(-x)).
CT_INLINE void sigmoid(vec &result, const vec &x) {
  vec fraction, power;
  power_of_two(fraction, power, x * -1.44269504f);
  result = 1.0f / (fraction * power + 1.0f);
}
