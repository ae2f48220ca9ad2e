// Large CPU blocks kept from one step to the next. glibc maps every large result anew and the
// kernel clears each of its pages on first touch; a training step writes gigabytes of them. This
// allocator rounds large sizes to a class, keeps freed blocks by class, and gives small ones to
// the system as before.
#include "Boundary.h"

#include <c10/core/CPUAllocator.h>
#include <sys/mman.h>

#include <cstdlib>
#include <map>
#include <mutex>

namespace {

constexpr size_t alignment = 64;
constexpr size_t large = size_t(1) << 20;  // From here on page faults cost more than a lock.
constexpr size_t huge_page = size_t(2) << 20;

// Eight classes per power of two: at most an eighth of a block is unused.
size_t size_class(size_t bytes) {
  size_t power = large;
  while (power * 2 <= bytes) power *= 2;
  const size_t step = power / 8;
  return (bytes + step - 1) / step * step;
}

struct Block {
  void *data;
  size_t bytes;
};

class CachingAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    if (bytes == 0) return {nullptr, nullptr, &release_small, at::Device(at::kCPU)};
    if (bytes < large) {
      void *data = aligned(bytes, alignment);
      return {data, data, &release_small, at::Device(at::kCPU)};
    }
    auto *block = new Block{nullptr, size_class(bytes)};
    block->data = take(block->bytes);
    if (block->data == nullptr) {
      try {
        block->data = aligned(block->bytes, huge_page);
      } catch (...) {
        delete block;
        throw;
      }
#ifdef MADV_HUGEPAGE
      if (block->bytes >= 2 * huge_page) madvise(block->data, block->bytes, MADV_HUGEPAGE);
#endif
    }
    return {block->data, block, &release_large, at::Device(at::kCPU)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return nullptr; }

  void copy_data(void *target, const void *source, size_t bytes) const override {
    default_copy_data(target, source, bytes);
  }

  static CachingAllocator &shared() {
    static auto *allocator = new CachingAllocator;  // Lives as long as the process.
    return *allocator;
  }

  int64_t cached_bytes() {
    std::lock_guard<std::mutex> lock(mutex_);
    return static_cast<int64_t>(cached_);
  }

  void release_cached() {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto &entry : free_) {
      for (void *data : entry.second) std::free(data);
    }
    free_.clear();
    cached_ = 0;
  }

 private:
  void *aligned(size_t bytes, size_t boundary) {
    void *data = nullptr;
    if (posix_memalign(&data, boundary, bytes) == 0) return data;
    release_cached();
    TORCH_CHECK_WITH(OutOfMemoryError, posix_memalign(&data, boundary, bytes) == 0,
                     "out of memory: ", bytes, " bytes were asked for and not to be had");
    return data;
  }

  // A kept block of exactly this class, or none.
  void *take(size_t bytes) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto entry = free_.find(bytes);
    if (entry == free_.end()) return nullptr;
    void *data = entry->second.back();
    entry->second.pop_back();
    if (entry->second.empty()) free_.erase(entry);
    cached_ -= bytes;
    return data;
  }

  void give_back(Block *block) {
    std::lock_guard<std::mutex> lock(mutex_);
    free_[block->bytes].push_back(block->data);
    cached_ += block->bytes;
    delete block;
  }

  static void release_small(void *data) { std::free(data); }

  static void release_large(void *context) {
    shared().give_back(static_cast<Block *>(context));
  }

  std::mutex mutex_;
  std::map<size_t, std::vector<void *>> free_;
  size_t cached_ = 0;
};

}  // namespace

void ct_install_caching_allocator(void) {
  c10::SetCPUAllocator(&CachingAllocator::shared(), /*priority=*/1);
}

int64_t ct_cached_bytes(void) { return CachingAllocator::shared().cached_bytes(); }

void ct_release_cached_memory(void) { CachingAllocator::shared().release_cached(); }
