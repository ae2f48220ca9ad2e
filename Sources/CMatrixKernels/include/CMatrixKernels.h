// Kernels for the analysis half: a matrix product, the scan that follows it in a nearest-neighbour
// search, sums over pairs of rows, and the moves of a UMAP layout. Plain C with the compiler's vector
// types, for the instructions that CInstructionSet chooses at run time, so that no BLAS (and no second thread pool) enters a process that may hold libtorch.
//
// None of the functions allocates, starts a thread or keeps state.
#ifndef CYTOSELF_MATRIX_KERNELS_H
#define CYTOSELF_MATRIX_KERNELS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A strided view of a matrix: element (i, j) is at values[i * row_stride + j * column_stride].
typedef struct {
  const float *values;
  int64_t row_stride;
  int64_t column_stride;
} cytoself_matrix_view;

/// Floats of scratch memory one call of cytoself_matrix_product needs.
int64_t cytoself_matrix_workspace(void);

/// product = a b (or += where accumulate is not 0) for a [rows, inner] and b [inner, columns].
/// The order of additions depends on `inner` alone, so splitting rows or columns over threads
/// changes no bit. Each calling thread brings its own workspace.
void cytoself_matrix_product(
    int64_t rows, int64_t columns, int64_t inner, cytoself_matrix_view a, cytoself_matrix_view b,
    float *product, int64_t product_row_stride, int accumulate, float *workspace);

/// Writes squared distances and reports the columns that may enter a list of neighbours.
///
/// products[j] becomes max(0, row_norm + column_norms[j] - 2 products[j]). A column is a hit if that
/// is at most row_limit or at most column_limits[j]. Returns the number of hits written to `hits`.
int64_t cytoself_scan_distances(
    float *products, int64_t columns, float row_norm, const float *column_norms, float row_limit,
    const float *column_limits, int32_t *hits);

/// Sum of (a[i] - b[i])^2, in eight partial sums.
float cytoself_squared_distance(const float *a, const float *b, int64_t count);

/// Sum of a[i] b[i], in eight partial sums.
float cytoself_dot(const float *a, const float *b, int64_t count);

/// sums[i * stride + j] = the sum over columns of a[i] b[j], or of (a[i] - b[j])^2 where `differs` is
/// not 0, for a [a_rows, columns] and b [b_rows, columns]. `columns` is a multiple of 8: zeros add
/// nothing. Additions have the same order for every pair, so equal pairs get equal sums.
void cytoself_pair_sums(
    const double *a, int64_t a_rows, const double *b, int64_t b_rows, int64_t columns, int differs,
    double *sums, int64_t stride);

/// What one epoch of a UMAP layout works on.
typedef struct {
  /// The curve 1 / (1 + a d^(2b)), and the size of a step.
  float a, b, step;
  /// Axes of the map, 1 to 64.
  int64_t dimensions;
  /// Positions that move, [rows, dimensions].
  float *points;
  /// Positions as they were when the call began, or the fixed anchors, [other_count, dimensions].
  const float *others;
  int64_t other_count;
  /// Whether `others` are the rows themselves.
  int moves_others;
  /// The edges: the row that each moves, and which of `others` pulls it. Those of one row should be
  /// far apart, since sixteen edges act at once.
  const int32_t *rows, *columns;
  /// Epochs between the pulls of each edge, at least 1, and when each is due next.
  const float *pull_interval;
  float *next_pull;
  /// How many random points push for each pull.
  double pushes;
} cytoself_layout;

/// The numbers of scratch memory that a call for so many edges needs.
int64_t cytoself_layout_room(int64_t edges);

/// Runs the edges first..<last that are due by epoch `now`, drawing from the seed `random`.
///
/// A row is moved from where it is now by `others`, which do not move: calls for
/// edges of different rows may run at once, each with its own scratch memory `due`, and the result
/// does not depend on their order.
void cytoself_layout_edges(
    const cytoself_layout *layout, int64_t first, int64_t last, float now, uint64_t random,
    int32_t *due);

#ifdef __cplusplus
}
#endif
#endif
