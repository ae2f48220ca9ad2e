#include "CHDF5.h"

#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if H5_VERS_MAJOR == 1 && H5_VERS_MINOR < 10
#error "HDF5 1.10 or later is needed. Run scripts/setup."
#endif

enum { most_axes = 32 };

// What went wrong first in the call that runs or ran last; empty if nothing did.
static char problem[1024];

// The deepest record of the library's stack is the cause; those above tell who called.
static herr_t keep_cause(unsigned depth, const H5E_error2_t *record, void *user) {
  (void)depth;
  (void)user;
  if (problem[0] == 0 && record->desc != NULL)
    snprintf(problem, sizeof problem, "%s", record->desc);
  return 0;
}

// The library calls this in place of printing, as the next call already forgets.
static herr_t keep_problem(hid_t stack, void *user) {
  return H5Ewalk2(stack, H5E_WALK_UPWARD, keep_cause, user);
}

// Comes first in every call, also in one that only asks: the first call of all decides what the library
// does when the process ends. That must be nothing, since it would close files whose writing has failed,
// and falls over them. Where it is built for threads, errors are silenced in each of them.
static void begin(void) {
  static int is_begun = 0;
  if (!is_begun) H5dont_atexit();
  is_begun = 1;
  problem[0] = 0;
  H5Eset_auto2(H5E_DEFAULT, keep_problem, NULL);
}

int64_t ch_create(const char *path) {
  begin();
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  // Objects must not outlive the file, also after a failure.
  H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
  H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST);
  const hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
  H5Pclose(access);
  return file;
}

int32_t ch_flush(int64_t file) {
  begin();
  return H5Fflush(file, H5F_SCOPE_LOCAL);
}

int32_t ch_close(int64_t file) {
  begin();
  return H5Fclose(file);
}

// Links that make the groups on their way.
static hid_t reaching(void) {
  const hid_t list = H5Pcreate(H5P_LINK_CREATE);
  H5Pset_create_intermediate_group(list, 1);
  return list;
}

int32_t ch_group(int64_t file, const char *path) {
  begin();
  const hid_t links = reaching();
  const hid_t group = H5Gcreate2(file, path, links, H5P_DEFAULT, H5P_DEFAULT);
  H5Pclose(links);
  return group < 0 ? -1 : H5Gclose(group);
}

// Types ------------------------------------------------------------------------------------------

static hid_t text_type(size_t width, H5T_cset_t characters) {
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, width);
  H5Tset_cset(type, characters);
  if (width != H5T_VARIABLE) H5Tset_strpad(type, H5T_STR_NULLPAD);
  return type;
}

static hid_t flag_type(void) {
  const hid_t type = H5Tenum_create(H5T_STD_I8LE);
  const int8_t no = 0, yes = 1;
  H5Tenum_insert(type, "FALSE", &no);
  H5Tenum_insert(type, "TRUE", &yes);
  return type;
}

// Floating-point numbers of two bytes: `mantissa` bits below the exponent, which ends below bit 15.
static hid_t half_type(size_t mantissa, size_t bias) {
  const hid_t type = H5Tcopy(H5T_IEEE_F32LE);
  H5Tset_fields(type, 15, mantissa, 15 - mantissa, 0, mantissa);
  H5Tset_size(type, 2);
  H5Tset_ebias(type, bias);
  return type;
}

// A type of its own, which the caller closes.
static hid_t type_of(int32_t kind) {
  switch (kind) {
    case CH_FLAG:
      return flag_type();
    case CH_UINT8:
      return H5Tcopy(H5T_STD_U8LE);
    case CH_INT8:
      return H5Tcopy(H5T_STD_I8LE);
    case CH_UINT16:
      return H5Tcopy(H5T_STD_U16LE);
    case CH_INT16:
      return H5Tcopy(H5T_STD_I16LE);
    case CH_UINT32:
      return H5Tcopy(H5T_STD_U32LE);
    case CH_INT32:
      return H5Tcopy(H5T_STD_I32LE);
    case CH_UINT64:
      return H5Tcopy(H5T_STD_U64LE);
    case CH_INT64:
      return H5Tcopy(H5T_STD_I64LE);
    case CH_FLOAT16:
      return half_type(10, 15);
    case CH_BFLOAT16:
      return half_type(7, 127);
    case CH_FLOAT32:
      return H5Tcopy(H5T_IEEE_F32LE);
    case CH_FLOAT64:
      return H5Tcopy(H5T_IEEE_F64LE);
    default:
      return text_type(H5T_VARIABLE, H5T_CSET_UTF8);
  }
}

// Attributes -------------------------------------------------------------------------------------

// Takes over the type.
static int32_t attribute(int64_t file, const char *path, const char *name, hid_t type,
                         int64_t count, const void *values) {
  begin();
  const hsize_t size = count < 0 ? 1 : (hsize_t)count;
  const hid_t space = count < 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &size, NULL);
  const hid_t made =
      H5Acreate_by_name(file, path, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  herr_t status = made < 0 ? -1 : 0;
  if (status == 0 && count != 0) status = H5Awrite(made, type, values);
  if (made >= 0 && H5Aclose(made) < 0) status = -1;
  H5Sclose(space);
  H5Tclose(type);
  return status;
}

int32_t ch_attribute_texts(int64_t file, const char *path, const char *name,
                           const char *const *texts, int64_t count) {
  return attribute(file, path, name, type_of(CH_TEXT), count, texts);
}

int32_t ch_attribute_fixed(int64_t file, const char *path, const char *name, const char *bytes,
                           int64_t width, int64_t count) {
  return attribute(file, path, name, text_type((size_t)width, H5T_CSET_ASCII), count, bytes);
}

int32_t ch_attribute_flag(int64_t file, const char *path, const char *name, int32_t flag) {
  const int8_t value = flag != 0;
  return attribute(file, path, name, flag_type(), -1, &value);
}

// Datasets ---------------------------------------------------------------------------------------

int64_t ch_dataset(int64_t file, const char *path, int32_t kind, int32_t rank, const int64_t *shape,
                   const int64_t *chunk, int32_t deflate) {
  begin();
  if (rank < 0 || rank > most_axes) return -1;
  hsize_t sizes[most_axes], pieces[most_axes];
  int empty = 0;
  for (int32_t axis = 0; axis < rank; axis++) {
    sizes[axis] = (hsize_t)shape[axis];
    pieces[axis] = chunk ? (hsize_t)chunk[axis] : 0;
    if (shape[axis] == 0) empty = 1;
  }
  const hid_t space = rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(rank, sizes, NULL);
  const hid_t list = H5Pcreate(H5P_DATASET_CREATE);
  // The same content gives the same bytes, so no times; and nothing is written twice.
  H5Pset_obj_track_times(list, 0);
  H5Pset_fill_time(list, H5D_FILL_TIME_IFSET);
  if (chunk && rank > 0 && !empty) {
    H5Pset_chunk(list, rank, pieces);
    if (deflate > 0) {
      H5Pset_shuffle(list);
      H5Pset_deflate(list, (unsigned)deflate);
    }
  }
  const hid_t type = type_of(kind);
  const hid_t links = reaching();
  const hid_t made = H5Dcreate2(file, path, type, space, links, list, H5P_DEFAULT);
  H5Pclose(links);
  H5Tclose(type);
  H5Pclose(list);
  H5Sclose(space);
  return made;
}

int32_t ch_write(int64_t dataset, int32_t kind, int64_t start, int64_t count, const void *values) {
  begin();
  const hid_t space = H5Dget_space(dataset);
  if (space < 0) return -1;
  hsize_t sizes[most_axes], from[most_axes] = {0};
  const int rank = H5Sget_simple_extent_dims(space, sizes, NULL);
  herr_t status = rank < 0 ? -1 : 0;
  hid_t memory = H5S_ALL;
  if (status == 0 && rank > 0) {
    from[0] = (hsize_t)start;
    sizes[0] = (hsize_t)count;
    status = H5Sselect_hyperslab(space, H5S_SELECT_SET, from, NULL, sizes, NULL);
    memory = H5Screate_simple(rank, sizes, NULL);
  }
  if (status == 0) {
    const hid_t type = type_of(kind);
    status = H5Dwrite(dataset, type, memory, rank > 0 ? space : H5S_ALL, H5P_DEFAULT, values);
    H5Tclose(type);
  }
  if (memory != H5S_ALL) H5Sclose(memory);
  H5Sclose(space);
  return status;
}

int32_t ch_close_dataset(int64_t dataset) {
  begin();
  return H5Dclose(dataset);
}

// Problems ---------------------------------------------------------------------------------------

int32_t ch_problem(char *message, int64_t capacity) {
  snprintf(message, (size_t)capacity, "%s", problem[0] ? problem : "it does not say why");
  const char *number = strstr(message, "errno = ");
  return number ? (int32_t)atoi(number + strlen("errno = ")) : 0;
}

void ch_version(char *text, int64_t capacity) {
  begin();
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  snprintf(text, (size_t)capacity, "%u.%u.%u", major, minor, release);
}
