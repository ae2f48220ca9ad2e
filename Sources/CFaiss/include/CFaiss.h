// The part of FAISS that the analysis uses, behind plain C types: the centres that part rows into lists
// ("IVF"). What a search looks through is ours.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Finds centres by k-means on a sample of the rows.
//
// values   [rows][columns]
// count    how many centres, 1 to rows
// seed     of the k-means
// threads  at most
// centers  [count][columns], receives them
// message  receives what went wrong, to be given to free(); untouched on success
//
// Returns 0, or 1 where FAISS could not finish, for instance for lack of memory. Not for several threads
// at once.
int32_t cf_centers(const float *values, int64_t rows, int64_t columns, int64_t count, uint64_t seed,
                   int32_t threads, float *centers, char **message);

#ifdef __cplusplus
}
#endif
