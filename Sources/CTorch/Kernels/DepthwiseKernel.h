// The gradients of a convolution of each channel by itself, compiled for one instruction set. One
// image and one vector of channels at a time are laid out in the cache with zeros around them: no
// tap asks for an edge.

// Copies a map's pixels, `lanes` channels of each, to every `step`-th place of rows of `row`
// vectors.
CT_INLINE void gather_channels(const float *map, int64_t height, int64_t width, int64_t channels,
                               float *to, int64_t row, int64_t step) {
  for (int64_t y = 0; y < height; y++)
    for (int64_t x = 0; x < width; x++) {
      vec value;
      load(value, map + (y * width + x) * channels);
      store(to + (y * row + x) * step * lanes, value);
    }
}

// Adds the sums over output pixels of gradient times input to `sums[tap * channels]`.
template <int kernel>
CT_INLINE void add_weight_gradient(const DepthwiseShape &shape, const float *image,
                                   const float *gradient, float *sums) {
  const int64_t step = shape.stride * lanes, gradient_row = shape.gradient_width() * step;
  const int64_t image_row = shape.image_width() * lanes;
  for (int ky = 0; ky < kernel; ky++) {
    // Two pixels at a time have sums of their own: additions need not wait for each other.
    vec even[kernel] = {}, odd[kernel] = {};
    for (int64_t y = 0; y < shape.out_height; y++) {
      const float *dy = gradient + y * gradient_row,
                  *row = image + (y * shape.stride + ky) * image_row;
      int64_t x = 0;
      for (; x + 1 < shape.out_width; x += 2) {
        vec one, other, value;
        load(one, dy + x * step);
        load(other, dy + (x + 1) * step);
        for (int kx = 0; kx < kernel; kx++) {
          load(value, row + x * step + kx * lanes);
          even[kx] += one * value;
          load(value, row + (x + 1) * step + kx * lanes);
          odd[kx] += other * value;
        }
      }
      if (x < shape.out_width) {
        vec one, value;
        load(one, dy + x * step);
        for (int kx = 0; kx < kernel; kx++) {
          load(value, row + x * step + kx * lanes);
          even[kx] += one * value;
        }
      }
    }
    for (int kx = 0; kx < kernel; kx++) {
      float *sum = sums + (ky * kernel + kx) * shape.channels;
      vec before;
      load(before, sum);
      store(sum, before + (even[kx] + odd[kx]));
    }
  }
}

// The gradient of the input: a correlation of the spread gradient with the kernel turned round.
template <int kernel>
CT_INLINE void find_input_gradient(const DepthwiseShape &shape, const float *gradient,
                                   const float *weight, float *out) {
  constexpr int block = CT_ACCUMULATORS;
  const int64_t row = shape.gradient_width() * lanes;
  for (int64_t y = 0; y < shape.height; y++)
    for (int64_t x = 0; x < shape.width; x += block) {
      vec sums[block] = {};
      const float *corner = gradient + (y + shape.padding) * row + (x + shape.padding) * lanes;
      for (int ky = 0; ky < kernel; ky++) {
        vec values[block + kernel - 1];
        for (int i = 0; i < block + kernel - 1; i++) load(values[i], corner + ky * row + i * lanes);
        for (int kx = 0; kx < kernel; kx++) {
          vec tap;
          load(tap, weight + ((kernel - 1 - ky) * kernel + kernel - 1 - kx) * shape.channels);
          for (int i = 0; i < block; i++) sums[i] += values[i + kx] * tap;
        }
      }
      const int64_t count = shape.width - x < block ? shape.width - x : block;
      float *pixels = out + (y * shape.width + x) * shape.channels;
      for (int i = 0; i < block; i++)
        if (i < count) store(pixels + i * shape.channels, sums[i]);
    }
}

template <int kernel>
CT_INLINE void differentiate_kernel(const DepthwiseShape &shape, const float *input,
                                    const float *gradient, const float *weight, int64_t first,
                                    int64_t last, float *scratch, float *input_gradient,
                                    float *weight_gradient) {
  const int64_t blocks = shape.channels / lanes;
  const int64_t image_size = shape.image_height() * shape.image_width() * lanes;
  const int64_t gradient_size = shape.gradient_height() * shape.gradient_width() * lanes;
  float *image = scratch, *spread = scratch + image_size;
  // What is zero now stays so: every image fills the same places.
  for (int64_t i = 0; i < image_size + gradient_size; i++) scratch[i] = 0;
  float *image_corner = image + (shape.image_width() + 1) * shape.padding * lanes;
  float *spread_corner = spread + (shape.gradient_width() + 1) * (kernel - 1) * lanes;
  for (int64_t item = first; item < last; item++) {
    const int64_t n = item / blocks, c = item % blocks * lanes;
    const int64_t in_place = n * shape.height * shape.width * shape.channels + c;
    const int64_t out_place = n * shape.out_height * shape.out_width * shape.channels + c;
    gather_channels(gradient + out_place, shape.out_height, shape.out_width, shape.channels,
                    spread_corner, shape.gradient_width(), shape.stride);
    gather_channels(input + in_place, shape.height, shape.width, shape.channels, image_corner,
                    shape.image_width(), 1);
    add_weight_gradient<kernel>(shape, image, spread_corner, weight_gradient + c);
    if (input_gradient != nullptr)
      find_input_gradient<kernel>(shape, spread, weight + c, input_gradient + in_place);
  }
}

// The gradients for images and blocks of channels `first ..< last`, counted through the blocks of
// an image before the next image: of the input, unless that is null, and added to `weight_gradient`
// [taps, channels], of the weight.
static void differentiate_depthwise(const DepthwiseShape &shape, const float *input,
                                    const float *gradient, const float *weight, int64_t first,
                                    int64_t last, float *scratch, float *input_gradient,
                                    float *weight_gradient) {
  if (shape.kernel == 3)
    differentiate_kernel<3>(shape, input, gradient, weight, first, last, scratch, input_gradient,
                            weight_gradient);
  else
    differentiate_kernel<5>(shape, input, gradient, weight, first, last, scratch, input_gradient,
                            weight_gradient);
}
