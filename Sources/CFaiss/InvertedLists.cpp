#include <faiss/IndexFlat.h>
#include <faiss/IndexIVFFlat.h>

#include <cstring>
#include <exception>

#include "CFaiss.h"

// Declared here since not every compiler brings omp.h: FAISS links OpenMP.
extern "C" int omp_get_max_threads(void);
extern "C" void omp_set_num_threads(int);

struct cf_index {
  faiss::IndexFlatL2 centers;
  faiss::IndexIVFFlat lists;

  cf_index(int64_t columns, int64_t count) : centers(columns), lists(&centers, columns, count) {}
};

namespace {

// The threads of OpenMP are of the whole process: they are set back afterwards.
class ThreadCount {
 public:
  explicit ThreadCount(int count) : before_(omp_get_max_threads()) { omp_set_num_threads(count); }
  ~ThreadCount() { omp_set_num_threads(before_); }
  ThreadCount(const ThreadCount &) = delete;
  ThreadCount &operator=(const ThreadCount &) = delete;

 private:
  int before_;
};

// Runs body; no exception leaves this file.
template <class Body>
int32_t guarded(char **message, Body &&body) noexcept {
  try {
    body();
    return 0;
  } catch (const std::exception &error) {
    *message = strdup(error.what());
  } catch (...) {
    *message = strdup("an unknown C++ exception");
  }
  return 1;
}

}  // namespace

int32_t cf_build(const float *values, int64_t rows, int64_t columns, int64_t lists, uint64_t seed,
                 int32_t threads, cf_index **index, char **message) {
  cf_index *made = nullptr;
  const int32_t status = guarded(message, [&] {
    ThreadCount count(threads);
    made = new cf_index(columns, lists);
    // k-means on a sample is good enough: the lists need not be the best ones.
    made->lists.cp.niter = 10;
    made->lists.cp.max_points_per_centroid = 64;
    made->lists.cp.min_points_per_centroid = 1;
    made->lists.cp.seed = static_cast<int>(seed % 0x7FFFFFFF);
    made->lists.train(rows, values);
    made->lists.add(rows, values);
  });
  if (status != 0) {
    delete made;
    return status;
  }
  *index = made;
  return 0;
}

int32_t cf_search(cf_index *index, const float *queries, int64_t query_rows, int64_t count,
                  int64_t probes, int32_t threads, int64_t *indices, float *distances,
                  char **message) {
  static_assert(sizeof(faiss::Index::idx_t) == sizeof(int64_t), "FAISS counts rows in 64 bits.");
  return guarded(message, [&] {
    ThreadCount threadCount(threads);
    index->lists.nprobe = probes;
    index->lists.search(query_rows, queries, count, distances,
                        reinterpret_cast<faiss::Index::idx_t *>(indices));
  });
}

void cf_free(cf_index *index) { delete index; }
