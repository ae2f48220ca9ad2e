// The library itself: its version, the count of live handles, messages.
#include "Boundary.h"

#include <torch/csrc/inductor/aoti_torch/c/shim.h>
#include <torch/headeronly/version.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

#if defined(__GLIBCXX__)
static_assert(_GLIBCXX_USE_CXX11_ABI == 1, "libtorch is built with the C++11 ABI of libstdc++.");
#endif

std::atomic<int64_t> ct_live_count{0};

void ct_free_message(char *message) { std::free(message); }

// The number that the library itself returns holds major, minor and patch in its three highest bytes.
const char *ct_version(void) {
  static const std::string version = [] {
    const uint64_t number = aoti_torch_abi_version();
    const auto part = [number](int byte) { return std::to_string(number >> byte * 8 & 0xff); };
    return part(7) + "." + part(6) + "." + part(5);
  }();
  return version.c_str();
}

#define CT_TEXT_OF(number) #number
#define CT_TEXT(number) CT_TEXT_OF(number)
const char *ct_built_for(void) { return CT_TEXT(TORCH_VERSION_MAJOR) "." CT_TEXT(TORCH_VERSION_MINOR); }

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
