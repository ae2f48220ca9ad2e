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

// Before the data of every block: its class, or 0 for a small one. oneDNN frees what it allocated by
// the address alone, so the address must lead to the class.
struct Header {
  size_t bytes;
};
static_assert(sizeof(Header) <= alignment, "A header fits before aligned data.");

class CachingAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    if (bytes == 0) return {nullptr, nullptr, &release, at::Device(at::kCPU)};
    void *data;
    if (bytes < large) {
      data = with_header(aligned(bytes + alignment, alignment), 0);
    } else {
      const size_t size = size_class(bytes + alignment);
      data = take(size);
      if (data == nullptr) {
        void *block = aligned(size, huge_page);
#ifdef MADV_HUGEPAGE
        if (size >= 2 * huge_page) madvise(block, size, MADV_HUGEPAGE);
#endif
        data = with_header(block, size);
      }
    }
    return {data, data, &release, at::Device(at::kCPU)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &release; }

  void copy_data(void *target, const void *source, size_t bytes) const override {
    default_copy_data(target, source, bytes);
  }

  static CachingAllocator &shared() {
    static auto *allocator = new CachingAllocator;  // Lives as long as the process.
    return *allocator;
  }

 private:
  void release_cached() {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto &entry : free_) {
      for (void *data : entry.second) std::free(block_of(data));
    }
    free_.clear();
  }

  void *aligned(size_t bytes, size_t boundary) {
    void *data = nullptr;
    if (posix_memalign(&data, boundary, bytes) == 0) return data;
    release_cached();
    TORCH_CHECK_WITH(OutOfMemoryError, posix_memalign(&data, boundary, bytes) == 0,
                     "out of memory: ", bytes, " bytes were requested and are not available");
    return data;
  }

  // The smallest kept block that holds this class, if it is not much larger, or none.
  void *take(size_t bytes) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto entry = free_.lower_bound(bytes);
    if (entry == free_.end() || entry->first > bytes + bytes / 2) return nullptr;
    void *data = entry->second.back();
    entry->second.pop_back();
    if (entry->second.empty()) free_.erase(entry);
    return data;
  }

  void give_back(void *data, size_t bytes) {
    std::lock_guard<std::mutex> lock(mutex_);
    free_[bytes].push_back(data);
  }

  static void *with_header(void *block, size_t bytes) {
    static_cast<Header *>(block)->bytes = bytes;
    return static_cast<char *>(block) + alignment;
  }

  static void *block_of(void *data) { return static_cast<char *>(data) - alignment; }

  static void release(void *data) {
    if (data == nullptr) return;
    void *block = block_of(data);
    const size_t bytes = static_cast<Header *>(block)->bytes;
    if (bytes == 0) {
      std::free(block);
    } else {
      shared().give_back(data, bytes);
    }
  }

  std::mutex mutex_;
  std::map<size_t, std::vector<void *>> free_;
};

}  // namespace

void ct_install_caching_allocator(void) {
  c10::SetCPUAllocator(&CachingAllocator::shared(), /*priority=*/1);
}
