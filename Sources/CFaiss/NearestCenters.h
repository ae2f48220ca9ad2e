// The step of k-means that takes its time, finding the nearest centre of each row, by our own matrix
// product.
//
// FAISS takes its products from the system's BLAS. Where that is the plain one, as Debian installs it,
// the centres of a million rows take minutes; with ours they take seconds, and are the same whichever
// BLAS is there.
#pragma once
#include <CMatrixKernels.h>
#include <faiss/IndexFlat.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <system_error>
#include <thread>
#include <vector>

class NearestCenters final : public faiss::IndexFlatL2 {
 public:
  NearestCenters(int64_t columns, int threads)
      : faiss::IndexFlatL2(columns), threads_(std::max(1, threads)) {}

  // Writes the number of the nearest centre of each row and its squared distance. k-means uses
  // count 1; anything else is left to FAISS.
  void search(int64_t rows, const float *values, int64_t count, float *distances, int64_t *nearest,
              const faiss::SearchParameters *parameters = nullptr) const override {
    if (count != 1 || ntotal == 0) {
      faiss::IndexFlatL2::search(rows, values, count, distances, nearest, parameters);
      return;
    }
    std::vector<float> squares(ntotal);
    for (int64_t i = 0; i < ntotal; i++)
      squares[i] = cytoself_dot(get_xb() + i * d, get_xb() + i * d, d);
    // Room is made here, where a failure to get it can be thrown.
    const int64_t each = block * block + (block + 8) + block + cytoself_matrix_workspace();
    std::vector<float> room(static_cast<size_t>(threads_ * each));
    std::atomic<int64_t> next{0};
    const auto work = [&](int thread) {
      for (int64_t first; (first = next.fetch_add(block)) < rows;)
        searchBlock(values + first * d, std::min(block, rows - first), squares.data(),
                    distances + first, nearest + first, room.data() + thread * each);
    };
    std::vector<std::thread> others;
    others.reserve(threads_);
    for (int thread = 1; thread < threads_; thread++) {
      try {
        others.emplace_back(work, thread);
      } catch (const std::system_error &) {
        break;  // The threads that are there do the work of those that the system does not give.
      }
    }
    work(0);
    for (std::thread &other : others) other.join();
  }

 private:
  // Rows, and centres, that are compared at once: their products stay in the second-level cache.
  static constexpr int64_t block = 384;
  int threads_;

  // Writes what `search` does for at most `block` rows. `room` is cut into products, hits, limits that
  // no distance meets, and the product's own workspace.
  void searchBlock(const float *values, int64_t rows, const float *squares, float *distances,
                   int64_t *nearest, float *room) const {
    float *products = room;
    auto *hits = reinterpret_cast<int32_t *>(products + block * block);
    float *closed = products + block * block + block + 8;
    float *workspace = closed + block;
    std::fill_n(closed, block, -1.0F);
    std::fill_n(distances, rows, std::numeric_limits<float>::infinity());
    std::fill_n(nearest, rows, 0);
    for (int64_t first = 0; first < ntotal; first += block) {
      const int64_t centers = std::min<int64_t>(block, ntotal - first);
      cytoself_matrix_product(rows, centers, d, {values, d, 1}, {get_xb() + first * d, 1, d}, products,
                              block, 0, workspace);
      for (int64_t row = 0; row < rows; row++) {
        const float *own = values + row * d;
        float *line = products + row * block;
        const int64_t found = cytoself_scan_distances(
            line, centers, cytoself_dot(own, own, d), squares + first, distances[row], closed, hits);
        for (int64_t hit = 0; hit < found; hit++) {
          if (line[hits[hit]] >= distances[row]) continue;
          distances[row] = line[hits[hit]];
          nearest[row] = first + hits[hit];
        }
      }
    }
  }
};
