// The part of the HDF5 library that writing needs, behind plain C types: its constants are macros
// that Swift does not see. Reading is not here; damaged files crash the library.
//
// Calls return 0, or an identifier above 0; below 0 they failed, and ch_problem tells why. The
// library is not for several threads at once: one lock has to be held over a call and ch_problem.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Kinds of elements. Flags are numbers of one byte named FALSE and TRUE, as h5py writes them.
enum {
  CH_FLAG,
  CH_UINT8,
  CH_INT8,
  CH_UINT16,
  CH_INT16,
  CH_UINT32,
  CH_INT32,
  CH_UINT64,
  CH_INT64,
  CH_FLOAT16,
  CH_BFLOAT16,
  CH_FLOAT32,
  CH_FLOAT64,
  // UTF-8 of any length; elements in memory are pointers to C strings.
  CH_TEXT
};

// Makes a file, or empties the one of that path, in the oldest layout that holds its content.
int64_t ch_create(const char *path);

// Writes what is pending. After a failure, here or in any call that writes, the file must be left as it
// is: closing it crashes the library, then or when the process ends.
int32_t ch_flush(int64_t file);

// Closes a file that was flushed.
int32_t ch_close(int64_t file);

// Makes a group, and those on the way to it that are missing.
int32_t ch_group(int64_t file, const char *path);

// Sets attributes of the object at a path.
//
// texts  a list of `count` UTF-8 texts of any length; a count below 0 stands for a single one
// fixed  the same of texts of `width` bytes each, filled up with zeros
int32_t ch_attribute_texts(int64_t file, const char *path, const char *name,
                           const char *const *texts, int64_t count);
int32_t ch_attribute_fixed(int64_t file, const char *path, const char *name, const char *bytes,
                           int64_t width, int64_t count);
int32_t ch_attribute_flag(int64_t file, const char *path, const char *name, int32_t flag);

// Makes a dataset, and the groups on the way to it that are missing.
//
// shape    [rank] sizes of the axes
// chunk    [rank] sizes of its pieces; NULL stores it in one
// deflate  1 to 9 packs the pieces; 0 does not
int64_t ch_dataset(int64_t file, const char *path, int32_t type, int32_t rank, const int64_t *shape,
                   const int64_t *chunk, int32_t deflate);

// Writes `count` entries of the first axis from `start` on; of a dataset without axes, its value.
int32_t ch_write(int64_t dataset, int32_t type, int64_t start, int64_t count, const void *values);

int32_t ch_close_dataset(int64_t dataset);

// Copies what went wrong in the last call into `message`. The result is the system's error number
// if the system refused, else 0.
int32_t ch_problem(char *message, int64_t capacity);

// The version of the library, such as 1.10.8, into `text`.
void ch_version(char *text, int64_t capacity);

#ifdef __cplusplus
}
#endif
