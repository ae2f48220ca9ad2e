// The part of FAISS that the analysis uses, behind plain C types: rows parted into lists by k-means, of
// which a search looks through the few that are nearest ("IVF flat").
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Rows ready to be searched.
typedef struct cf_index cf_index;

// Parts rows into lists and keeps a copy of them.
//
// values   [rows][columns]
// lists    how many, 1 to rows
// seed     of the k-means
// threads  at most
// index    receives the index, to be given to cf_free
// message  receives what went wrong, to be given to free(); untouched on success
//
// Returns 0, or 1 where FAISS could not finish, for instance for lack of memory.
int32_t cf_build(const float *values, int64_t rows, int64_t columns, int64_t lists, uint64_t seed,
                 int32_t threads, cf_index **index, char **message);

// For each query the nearest rows in the lists nearest to it, nearest first.
//
// queries    [query_rows][columns]
// count      how many rows are wanted
// probes     lists that are looked through
// indices    [query_rows][count], receives row numbers; -1 where the lists hold no more
// distances  [query_rows][count], receives squared distances
//
// Returns as cf_build. Not for several threads at once.
int32_t cf_search(cf_index *index, const float *queries, int64_t query_rows, int64_t count,
                  int64_t probes, int32_t threads, int64_t *indices, float *distances, char **message);

void cf_free(cf_index *index);

#ifdef __cplusplus
}
#endif
