// Devices, threads, and what the processor can do.
#include "Boundary.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/native/DispatchStub.h>
#include <dlfcn.h>

#include <string>

at::Device ct_device(int32_t kind, int32_t index) {
  switch (kind) {
    case CT_CPU:
      return at::Device(at::kCPU);
    case CT_CUDA:
      return at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(index));
    case CT_MPS:
      return at::Device(at::kMPS, 0);
    default:
      TORCH_CHECK(false, "device kind ", kind, " is not one of cpu, cuda, mps");
  }
}

// A CUDA build registers its kernels only when its library is loaded; one binary serves both.
static void load_cuda_library() {
  static const bool loaded = [] {
    dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL);
    return true;
  }();
  (void)loaded;
}

int32_t ct_device_count(int32_t kind) {
  try {
    if (kind == CT_CPU) return 1;
    if (kind == CT_CUDA) {
      load_cuda_library();
      return at::hasCUDA() ? static_cast<int32_t>(at::getNumGPUs()) : 0;
    }
    if (kind == CT_MPS) return at::hasMPS() ? 1 : 0;
  } catch (...) {
  }
  return 0;
}

ct_status ct_set_threads(int32_t threads, char **message) {
  return ct_guard(message, [&] { at::set_num_threads(threads); });
}

int32_t ct_threads(void) { return at::get_num_threads(); }

const char *ct_cpu_capability(void) {
  static const std::string capability = at::get_cpu_capability();
  return capability.c_str();
}

int32_t ct_has_mkldnn(void) { return at::hasMKLDNN() ? 1 : 0; }

void ct_set_mkldnn(int32_t enabled) { at::globalContext().setUserEnabledMkldnn(enabled != 0); }

void ct_set_deterministic(int32_t deterministic) {
  at::globalContext().setDeterministicCuDNN(deterministic != 0);
  at::globalContext().setBenchmarkCuDNN(false);
}
