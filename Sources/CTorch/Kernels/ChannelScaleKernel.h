// A map times a number for each image and channel, compiled for one instruction set. Images are
// channels-last: `size` pixels of `channels` floats each.

// y = x * scale for pixels `first ..< last` of all images.
static void scale_channels(const float *x, const float *scale, int64_t channels, int64_t size,
                           int64_t first, int64_t last, float *y) {
  for (int64_t pixel = first; pixel < last; pixel++) {
    const float *factors = scale + pixel / size * channels;
    for (int64_t c = 0; c < channels; c += lanes) {
      vec value, factor;
      load(value, x + pixel * channels + c);
      load(factor, factors + c);
      store(y + pixel * channels + c, value * factor);
    }
  }
}

// For images `first ..< last`: dx = dy * scale, and in dscale the sums over pixels of dy x. Of each image
// all channels of a pixel are taken before the next pixel, in the order of memory.
static void scale_gradients(const float *x, const float *dy, const float *scale, int64_t channels,
                            int64_t size, int64_t first, int64_t last, float *dx, float *dscale) {
  for (int64_t image = first; image < last; image++) {
    const float *factors = scale + image * channels;
    float *sums = dscale + image * channels;
    for (int64_t c = 0; c < channels; c++) sums[c] = 0;
    for (int64_t pixel = image * size; pixel < (image + 1) * size; pixel++) {
      for (int64_t c = 0; c < channels; c += lanes) {
        vec value, gradient, factor, sum;
        load(value, x + pixel * channels + c);
        load(gradient, dy + pixel * channels + c);
        load(factor, factors + c);
        load(sum, sums + c);
        store(sums + c, sum + gradient * value);
        store(dx + pixel * channels + c, gradient * factor);
      }
    }
  }
}
