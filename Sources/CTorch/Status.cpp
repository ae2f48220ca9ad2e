// The library itself: its version, the count of live handles, messages.
#include "Boundary.h"

#include <torch/headeronly/version.h>

#include <cstdlib>
#include <stdexcept>

#if TORCH_VERSION_MAJOR != 2 || TORCH_VERSION_MINOR != 13
#error "cytoself needs libtorch 2.13. Run scripts/setup, which finds or installs it."
#endif
#if defined(__GLIBCXX__)
static_assert(_GLIBCXX_USE_CXX11_ABI == 1, "libtorch is built with the C++11 ABI of libstdc++.");
#endif

std::atomic<int64_t> ct_live_count{0};

void ct_free_message(char *message) { std::free(message); }

const char *ct_version(void) { return TORCH_VERSION; }

int64_t ct_live_tensors(void) { return ct_live_count.load(); }

void ct_release(ct_tensor *tensor) { delete tensor; }

ct_status ct_raise(int32_t kind, char **message) {
  return ct_guard(message, [&] {
    if (kind == CT_BACKEND) TORCH_CHECK(false, "a backend error");
    if (kind == CT_STANDARD) throw std::runtime_error("a standard exception");
    if (kind == CT_OUT_OF_MEMORY) throw std::bad_alloc();
    throw 1;
  });
}
