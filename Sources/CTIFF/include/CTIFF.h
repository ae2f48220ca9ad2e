// TIFF and BigTIFF through libtiff, for ImageFiles.
//
// libtiff's own interface is variadic and reports errors through callbacks; here every function is
// plain, and an error is a message that belongs to the file it happened in. A file is used by one
// thread at a time.
#ifndef CTIFF_H
#define CTIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// A TIFF file that is open for reading or for writing.
typedef struct ctiff_file ctiff_file;

/// How the samples of a page are to be read.
enum { CTIFF_UNSIGNED = 1, CTIFF_SIGNED = 2, CTIFF_FLOAT = 3 };

/// What the header of a page says.
typedef struct ctiff_page {
  uint32_t width;
  uint32_t height;
  uint16_t bits;
  uint16_t samples;
  uint16_t format;
  uint16_t compression;
  /// How the numbers mean light or colours, as the header says it.
  uint16_t photometric;
  /// Bytes of a sample as `ctiff_read` gives it: few bits become one byte, 9 to 15 become two.
  uint16_t sample_bytes;
  bool planar;
  bool tiled;
  /// Whether samples are numbers of colours in a table.
  bool palette;
  /// Whether numbers are brighter the smaller they are.
  bool inverted;
  /// Whether the colours of the table only get brighter, as those of a display of grey values do.
  bool palette_rises;
  /// Whether this is a smaller copy of another page, or its mask of transparent pixels.
  bool secondary;
  /// Whether this libtiff can decode the compression.
  bool decodable;
  /// Whether the rows lie in the file as one stretch that begins at `first_byte`.
  bool contiguous;
  /// Whether numbers of the file have the other byte order than the machine's.
  bool swapped;
  uint64_t first_byte;
  /// Pixels per unit along a row, 0 if the header does not say.
  float resolution;
  /// Bytes of the strips or tiles as they lie in the file, by the header.
  uint64_t stored_bytes;
} ctiff_page;

/// Opens a file; on failure returns NULL and fills `message` (at most `capacity` bytes).
ctiff_file *_Nullable ctiff_open(const char *path, const char *mode, char *message,
                                 size_t capacity);

/// Completes a file that was written, and closes it; false if that failed.
bool ctiff_close(ctiff_file *file, char *message, size_t capacity);

/// The last error of the file, empty if there was none.
const char *ctiff_message(const ctiff_file *file);

/// The number of pages; a chain of pages that runs in a circle ends where it closes. One that leads
/// to where no page is sets the file's last error.
uint32_t ctiff_page_count(ctiff_file *file);

/// Whether the header of the last page ends within the file; where it does not, pages may be lost after
/// it. `byte_count` is the length of the file.
bool ctiff_is_whole(ctiff_file *file, uint32_t last, uint64_t byte_count);

/// Goes to a page and reads its header; false if it has none that can be used.
bool ctiff_select(ctiff_file *file, uint32_t page, ctiff_page *header);

/// The description of the selected page, or NULL.
const char *_Nullable ctiff_description(ctiff_file *file);

/// Decodes the selected page into `pixels`: rows from the top, samples of a pixel together, in the
/// machine's byte order. `byte_count` must be width x height x samples x sample_bytes.
bool ctiff_read(ctiff_file *file, const ctiff_page *header, void *pixels, size_t byte_count);

/// Appends a page of one sample, in strips, deflated, with an optional description.
bool ctiff_append(ctiff_file *file, uint32_t width, uint32_t height, uint16_t bits,
                  uint16_t format, const void *pixels, const char *_Nullable description);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif

#endif
