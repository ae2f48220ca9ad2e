// The threads that kernels run on.
#pragma once
#include <c10/util/FunctionRef.h>

#include <cstdint>

// Splits 0 ..< count over libtorch's own threads, each a share of it that is the same in every
// call: what one kernel left in a core's cache the next one finds there. A share is worked off in
// ranges of whole `grain`s, and a thread that is done helps with the others', so that one that was
// held up keeps nobody waiting. What is summed must therefore be summed by range, not by thread.
void ct_parallel(int64_t count, int64_t grain,
                 c10::function_ref<void(int64_t first, int64_t last)> body);

// The same with room for `floats` numbers, made once for each thread: it stays in the thread's own
// cache.
void ct_parallel(int64_t count, int64_t grain, int64_t floats,
                 c10::function_ref<void(int64_t first, int64_t last, float *room)> body);

// Into how many parts sums are cut that are added in order: the same threads give the same bits.
int64_t ct_sum_parts();
