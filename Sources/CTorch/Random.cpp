// Seeded generators. Nothing here draws from libtorch's global one.
#include "Boundary.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/Generator.h>
#include <ATen/ops/randperm.h>

#include <mutex>

struct ct_generator {
  at::Generator value;
};

ct_status ct_generator_new(ct_generator **out, uint64_t seed, char **message) {
  return ct_guard(message, [&] {
    *out = new ct_generator{at::make_generator<at::CPUGeneratorImpl>(seed)};
  });
}

void ct_generator_release(ct_generator *generator) { delete generator; }

ct_status ct_generator_state(ct_tensor **out, ct_generator *generator, char **message) {
  return ct_make(out, message, [&] { return generator->value.get_state(); });
}

ct_status ct_generator_set_state(ct_generator *generator, const ct_tensor *state,
                                 char **message) {
  return ct_guard(message, [&] { generator->value.set_state(state->value); });
}

ct_status ct_uniform_(const ct_tensor *a, double low, double high, ct_generator *generator,
                      char **message) {
  return ct_guard(message, [&] { a->value.uniform_(low, high, generator->value); });
}

ct_status ct_normal_(const ct_tensor *a, double mean, double deviation, ct_generator *generator,
                     char **message) {
  return ct_guard(message, [&] { a->value.normal_(mean, deviation, generator->value); });
}

ct_status ct_bernoulli_(const ct_tensor *a, double probability, ct_generator *generator,
                        char **message) {
  return ct_guard(message, [&] { a->value.bernoulli_(probability, generator->value); });
}

ct_status ct_permutation(ct_tensor **out, int64_t count, ct_generator *generator,
                         char **message) {
  return ct_make(out, message,
                 [&] { return at::randperm(count, generator->value, at::dtype(at::kLong)); });
}
