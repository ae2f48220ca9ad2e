// PNG through libpng, for ImageFiles.
//
// libpng reports errors by jumping out of its functions; here every function is plain and an error
// is a message. A file is used by one thread at a time.
#ifndef CPNG_H
#define CPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// A PNG file that is open for reading.
typedef struct cpng_file cpng_file;

/// What the header of a file says; an alpha channel does not count.
typedef struct cpng_header {
  uint32_t width;
  uint32_t height;
  /// Bits of a sample in the file: 1, 2, 4, 8 or 16.
  uint16_t bits;
  /// Samples of a pixel: 1 or 3.
  uint16_t samples;
  /// Whether samples are numbers of colours in a table.
  bool palette;
  /// Whether the colours of the table only get brighter, as those of a display of grey values do.
  bool palette_rises;
  /// Whether there is an alpha channel, which is left out.
  bool alpha;
} cpng_header;

/// Opens a file and reads its header; on failure returns NULL and fills `message`.
cpng_file *_Nullable cpng_open(const char *path, cpng_header *header, char *message,
                               size_t capacity);

/// Decodes the picture into `pixels`, rows from the top, samples of a pixel together: one byte a
/// sample up to 8 bits (never stretched), two in the machine's order for 16. `byte_count` must be
/// their number. A file can be decoded once.
bool cpng_read(cpng_file *file, void *pixels, size_t byte_count, char *message, size_t capacity);

/// Closes a file.
void cpng_close(cpng_file *file);

/// The file of a picture of red, green and blue bytes `[height, width, 3]`, in memory: writing it is
/// not left to libpng, so that it is synced and renamed like every other. The caller frees it; on
/// failure returns NULL and fills `message`.
uint8_t *_Nullable cpng_encode_rgb(uint32_t width, uint32_t height, const uint8_t *pixels,
                                   size_t *count, char *message, size_t capacity);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif

#endif
