// Batch normalisation, the addition of another map, and SiLU in one pass over pixels, compiled for
// one instruction set. Images are channels-last: `pixels` rows of `channels` floats.
#include "ExponentialKernel.h"

// Adds `values` lane by lane to `sums`, in double precision.
CT_INLINE void add_to(double *sums, const vec &values) {
  for (int64_t i = 0; i < lanes; i++) sums[i] += static_cast<double>(values[i]);
}

// Pixels between two additions to the sums in double precision.
constexpr int64_t sum_length = 64;

// For each channel the sums over pixels `first ..< last` of x - shift and of its square.
static void moments(const float *x, const float *shift, int64_t channels, int64_t first,
                    int64_t last, double *sums) {
  for (int64_t start = first; start < last; start += sum_length) {
    const int64_t end = start + sum_length < last ? start + sum_length : last;
    for (int64_t c = 0; c < channels; c += lanes) {
      vec center, sum = {}, squares = {};
      load(center, shift + c);
      for (int64_t pixel = start; pixel < end; pixel++) {
        vec value;
        load(value, x + pixel * channels + c);
        value -= center;
        sum += value;
        squares += value * value;
      }
      add_to(sums + c, sum);
      add_to(sums + channels + c, squares);
    }
  }
}

// y = f(x * scale + offset + other), f SiLU or nothing; `other` may be null.
template <bool activates>
CT_INLINE void normalize_pixels(const float *x, const float *other, const float *scale,
                                const float *offset, int64_t channels, int64_t first, int64_t last,
                                float *y) {
  for (int64_t pixel = first; pixel < last; pixel++) {
    for (int64_t c = 0; c < channels; c += lanes) {
      vec value, a, b;
      load(value, x + pixel * channels + c);
      load(a, scale + c);
      load(b, offset + c);
      value = value * a + b;
      if (other != nullptr) {
        vec added;
        load(added, other + pixel * channels + c);
        value += added;
      }
      if (activates) {
        vec s;
        sigmoid(s, value);
        value *= s;
      }
      store(y + pixel * channels + c, value);
    }
  }
}

static void normalize(const float *x, const float *other, const float *scale, const float *offset,
                      int64_t channels, int64_t first, int64_t last, bool activates, float *y) {
  if (activates)
    normalize_pixels<true>(x, other, scale, offset, channels, first, last, y);
  else
    normalize_pixels<false>(x, other, scale, offset, channels, first, last, y);
}

// The gradient before the activation, z = x * scale + offset + other: dz = dy f'(z), written if
// there is an activation; and for each channel the sums of dz and of dz (x - mean) / deviation.
template <bool activates>
CT_INLINE void gradient_sum_pixels(const float *x, const float *other, const float *dy,
                                   const float *scale, const float *offset, const float *mean,
                                   const float *inverse, int64_t channels, int64_t first,
                                   int64_t last, float *dz, double *sums) {
  for (int64_t start = first; start < last; start += sum_length) {
    const int64_t end = start + sum_length < last ? start + sum_length : last;
    for (int64_t c = 0; c < channels; c += lanes) {
      vec a, b, center, width, sum = {}, products = {};
      load(a, scale + c);
      load(b, offset + c);
      load(center, mean + c);
      load(width, inverse + c);
      for (int64_t pixel = start; pixel < end; pixel++) {
        const int64_t at = pixel * channels + c;
        vec value, gradient;
        load(value, x + at);
        load(gradient, dy + at);
        if (activates) {
          vec z = value * a + b, s;
          if (other != nullptr) {
            vec added;
            load(added, other + at);
            z += added;
          }
          sigmoid(s, z);
          gradient *= s * (1.0f + z * (1.0f - s));
          store(dz + at, gradient);
        }
        sum += gradient;
        products += gradient * ((value - center) * width);
      }
      add_to(sums + c, sum);
      add_to(sums + channels + c, products);
    }
  }
}

static void gradient_sums(const float *x, const float *other, const float *dy, const float *scale,
                          const float *offset, const float *mean, const float *inverse,
                          int64_t channels, int64_t first, int64_t last, bool activates, float *dz,
                          double *sums) {
  if (activates)
    gradient_sum_pixels<true>(x, other, dy, scale, offset, mean, inverse, channels, first, last, dz,
                              sums);
  else
    gradient_sum_pixels<false>(x, other, dy, scale, offset, mean, inverse, channels, first, last,
                               dz, sums);
}

// dx = dz * a + x * b + c, each of the three by channel; dx may be dz.
static void combine(const float *dz, const float *x, const float *a, const float *b,
                    const float *c, int64_t channels, int64_t first, int64_t last, float *dx) {
  for (int64_t pixel = first; pixel < last; pixel++) {
    for (int64_t channel = 0; channel < channels; channel += lanes) {
      const int64_t at = pixel * channels + channel;
      vec gradient, value, va, vb, vc;
      load(gradient, dz + at);
      load(value, x + at);
      load(va, a + channel);
      load(vb, b + channel);
      load(vc, c + channel);
      store(dx + at, gradient * va + (value * vb + vc));
    }
  }
}
