// The nearest code of each position of a map, compiled for one instruction set.
#include "ExponentialKernel.h"
#include "ProductKernel.h"

// For rows `first ..< last`: the code whose squared distance is least, the first of equal ones, and
// the logarithm of the sum over codes of exp(least - distance). Of |r|^2 - 2 r c + |c|^2 the first
// term is the same for all codes and is left out: what remains is rounded less.
static void nearest_codes(const CodeShape &shape, const float *rows, const float *codes,
                          const float *squares, int64_t first, int64_t last, float *scratch,
                          int64_t *nearest, float *spread) {
  constexpr int64_t block = code_rows;
  float *products = scratch, *padded = scratch + block * shape.padded_codes;
  for (int64_t start = first; start < last; start += block) {
    const int64_t count = last - start < block ? last - start : block;
    const float *from = rows + start * shape.width;
    if (count < block) {
      for (int64_t i = 0; i < block * shape.width; i++)
        padded[i] = i < count * shape.width ? from[i] : 0.0f;
      from = padded;
    }
    for (int64_t k = 0; k < shape.padded_codes; k += panel_width)
      product(from, shape.width, 1, codes + k * shape.width, panel_width, shape.width, products + k,
              shape.padded_codes, block, panel_width, false);
    for (int64_t row = 0; row < count; row++) {
      float *distances = products + row * shape.padded_codes;
      vec least = vec{} + __builtin_inff();
      for (int64_t k = 0; k < shape.padded_codes; k += lanes) {
        vec dot, square;
        load(dot, distances + k);
        load(square, squares + k);
        const vec distance = square - 2.0f * dot;
        store(distances + k, distance);
        least = distance < least ? distance : least;
      }
      float smallest = least[0];
      for (int64_t i = 1; i < lanes; i++) smallest = least[i] < smallest ? least[i] : smallest;
      int64_t code = 0;
      for (; code < shape.padded_codes - lanes; code += lanes) {
        vec distance;
        load(distance, distances + code);
        if (__builtin_reduce_or(distance <= smallest)) break;
      }
      while (code < shape.codes && !(distances[code] <= smallest)) code++;
      // No distance of a row that is not a number is the least one.
      if (code >= shape.codes) code = shape.codes - 1;
      nearest[start + row] = code;
      if (spread == nullptr) continue;
      vec sum = {};
      for (int64_t k = 0; k < shape.padded_codes; k += lanes) {
        vec distance, e;
        load(distance, distances + k);
        exponential(e, smallest - distance);
        sum += e;
      }
      float total = 0;
      for (int64_t i = 0; i < lanes; i++) total += sum[i];
      // What fills the last vector is infinitely far, and counts as exp(-87), which is nothing.
      spread[start + row] = __builtin_logf(total);
    }
  }
}
