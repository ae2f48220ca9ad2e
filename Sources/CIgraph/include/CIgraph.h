// The part of igraph that the analysis uses, behind plain C types: igraph's own change between its
// versions, and by default it ends the process on an error.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Communities by the Leiden method (Traag, Waltman and van Eck 2019) for modularity with a resolution:
// the sum over pairs in one community of w_ij - resolution k_i k_j / 2m.
//
// nodes       number of nodes
// starts      [nodes + 1], where the entries of each node begin
// columns     [entries], the other end of each edge; an edge stands with both of its nodes
// weights     [entries], positive
// iterations  passes at most; it ends when one improves nothing
// membership  [nodes], receives the number of each node's community, from 0
// quality     receives the modularity at that resolution
//
// Returns 0, or an error code of igraph, of which ci_message tells the meaning. Not for several threads
// at once: the random numbers are igraph's own.
int32_t ci_leiden(int64_t nodes, const ptrdiff_t *starts, const int32_t *columns,
                  const float *weights, double resolution, uint64_t seed,
                  int64_t iterations, int32_t *membership, double *quality);

// What an error code means, in a few words.
const char *ci_message(int32_t code);

// The version of igraph, such as 0.10.2.
const char *ci_version(void);

#ifdef __cplusplus
}
#endif
