#include <faiss/Clustering.h>

#include <algorithm>
#include <cstring>
#include <exception>

#include "CFaiss.h"
#include "NearestCenters.h"

// Declared here since not every compiler brings omp.h: FAISS links OpenMP.
extern "C" int omp_get_max_threads(void);
extern "C" void omp_set_num_threads(int);

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

int32_t cf_centers(const float *values, int64_t rows, int64_t columns, int64_t count, uint64_t seed,
                   int32_t threads, float *centers, char **message) {
  return guarded(message, [&] {
    ThreadCount threadCount(threads);
    // A sample and few passes are good enough: the lists need not be the best ones.
    faiss::ClusteringParameters parameters;
    parameters.niter = 10;
    parameters.max_points_per_centroid = 64;
    parameters.min_points_per_centroid = 1;
    parameters.seed = static_cast<int>(seed % 0x7FFFFFFF);
    faiss::Clustering clustering(static_cast<int>(columns), static_cast<int>(count), parameters);
    NearestCenters nearest(columns, threads);
    clustering.train(rows, values, nearest);
    std::copy(clustering.centroids.begin(), clustering.centroids.end(), centers);
  });
}
