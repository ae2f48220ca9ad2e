#include "CIgraph.h"

#include <igraph/igraph.h>
#include <stdlib.h>

#if IGRAPH_VERSION_MAJOR == 0 && IGRAPH_VERSION_MINOR < 10
#error "igraph 0.10 or later is needed. Run scripts/setup."
#endif

static igraph_error_t run(igraph_vector_int_t *ends, const igraph_vector_t *weights,
                          int64_t nodes, double resolution, int64_t iterations,
                          igraph_vector_int_t *membership, double *quality) {
  igraph_t graph;
  igraph_error_t code = igraph_create(&graph, ends, nodes, IGRAPH_UNDIRECTED);
  if (code != IGRAPH_SUCCESS) return code;
  // The graph holds the edges now.
  igraph_vector_int_clear(ends);
  igraph_vector_int_resize_min(ends);
  igraph_vector_t strengths;
  code = igraph_vector_init(&strengths, 0);
  if (code == IGRAPH_SUCCESS) {
    code = igraph_strength(&graph, &strengths, igraph_vss_all(), IGRAPH_ALL, IGRAPH_LOOPS, weights);
    const double total = igraph_vector_sum(&strengths);
    // Pass by pass: left to itself until nothing changes, igraph never ends where every node is
    // best alone.
    double before = -1e300;
    for (int64_t pass = 0; code == IGRAPH_SUCCESS && pass < iterations; pass++) {
      code = igraph_community_leiden(&graph, weights, &strengths,
                                     total > 0 ? resolution / total : 0, /*beta=*/0.01,
                                     /*start=*/pass > 0, /*n_iterations=*/1, membership, NULL,
                                     quality);
      // Isolated nodes have a quality that is not a number.
      if (!(*quality > before + 1e-10)) break;
      before = *quality;
    }
    igraph_vector_destroy(&strengths);
  }
  igraph_destroy(&graph);
  return code;
}

int32_t ci_leiden(int64_t nodes, const ptrdiff_t *starts, const int32_t *columns,
                  const float *weights, double resolution, uint64_t seed, int64_t iterations,
                  int32_t *membership, double *quality) {
  // igraph wants each edge once.
  int64_t count = 0;
  for (int64_t node = 0; node < nodes; node++)
    for (ptrdiff_t i = starts[node]; i < starts[node + 1]; i++) count += columns[i] > node;
  // The default handler ends the process; this one frees what igraph holds and lets the code return.
  igraph_error_handler_t *before = igraph_set_error_handler(igraph_error_handler_ignore);
  igraph_vector_int_t ends, found;
  igraph_vector_t heights;
  igraph_error_t code = igraph_vector_int_init(&ends, 2 * count);
  if (code == IGRAPH_SUCCESS) {
    code = igraph_vector_init(&heights, count);
    if (code == IGRAPH_SUCCESS) {
      code = igraph_vector_int_init(&found, 0);
      if (code == IGRAPH_SUCCESS) {
        int64_t edge = 0;
        for (int64_t node = 0; node < nodes; node++) {
          for (ptrdiff_t i = starts[node]; i < starts[node + 1]; i++) {
            if (columns[i] <= node) continue;
            VECTOR(ends)[2 * edge] = node;
            VECTOR(ends)[2 * edge + 1] = columns[i];
            VECTOR(heights)[edge++] = weights[i];
          }
        }
        code = igraph_rng_seed(igraph_rng_default(), seed);
        if (code == IGRAPH_SUCCESS)
          code = run(&ends, &heights, nodes, resolution, iterations, &found, quality);
        if (code == IGRAPH_SUCCESS)
          for (int64_t i = 0; i < nodes; i++) membership[i] = (int32_t)VECTOR(found)[i];
        igraph_vector_int_destroy(&found);
      }
      igraph_vector_destroy(&heights);
    }
    igraph_vector_int_destroy(&ends);
  }
  igraph_set_error_handler(before);
  return (int32_t)code;
}

const char *ci_message(int32_t code) { return igraph_strerror((igraph_error_t)code); }

const char *ci_version(void) {
  const char *version = "";
  igraph_version(&version, NULL, NULL, NULL);
  return version;
}
