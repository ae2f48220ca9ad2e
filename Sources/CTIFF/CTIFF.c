#include "CTIFF.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>
#include <unistd.h>

// libtiff may not allocate more than this at once, whatever a header claims.
static const tmsize_t largest_allocation = (tmsize_t)1 << 31;

struct ctiff_file {
  TIFF *tiff;
  char message[512];
};

static int keep_error(TIFF *tiff, void *user, const char *module, const char *format,
                      va_list arguments) {
  (void)tiff;
  (void)module;
  ctiff_file *file = user;
  // The first error is the cause; what follows are consequences.
  if (file->message[0] == 0) {
    vsnprintf(file->message, sizeof file->message, format, arguments);
  }
  return 1;
}

static int drop_warning(TIFF *tiff, void *user, const char *module, const char *format,
                        va_list arguments) {
  (void)tiff;
  (void)user;
  (void)module;
  (void)format;
  (void)arguments;
  return 1;
}

static void copy_message(const ctiff_file *file, char *message, size_t capacity) {
  snprintf(message, capacity, "%s", file->message);
}

ctiff_file *ctiff_open(const char *path, const char *mode, char *message, size_t capacity) {
  ctiff_file *file = calloc(1, sizeof *file);
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  if (file == NULL || options == NULL) {
    snprintf(message, capacity, "out of memory");
    free(file);
    if (options != NULL) TIFFOpenOptionsFree(options);
    return NULL;
  }
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, largest_allocation);
  TIFFOpenOptionsSetErrorHandlerExtR(options, keep_error, file);
  TIFFOpenOptionsSetWarningHandlerExtR(options, drop_warning, file);
  file->tiff = TIFFOpenExt(path, mode, options);
  TIFFOpenOptionsFree(options);
  if (file->tiff == NULL) {
    copy_message(file, message, capacity);
    free(file);
    return NULL;
  }
  return file;
}

bool ctiff_close(ctiff_file *file, char *message, size_t capacity) {
  file->message[0] = 0;
  TIFFClose(file->tiff);
  bool good = file->message[0] == 0;
  copy_message(file, message, capacity);
  free(file);
  return good;
}

const char *ctiff_message(const ctiff_file *file) { return file->message; }

uint32_t ctiff_page_count(ctiff_file *file) {
  file->message[0] = 0;
  return (uint32_t)TIFFNumberOfDirectories(file->tiff);
}

bool ctiff_is_whole(ctiff_file *file, uint32_t last, uint64_t byte_count) {
  TIFF *tiff = file->tiff;
  file->message[0] = 0;
  if (!TIFFSetDirectory(tiff, (tdir_t)last)) return false;
  uint64_t place = TIFFCurrentDirOffset(tiff), count = 0, size = 0;
  bool big = TIFFIsBigTIFF(tiff) != 0;
  uint16_t few = 0;
  void *number = big ? (void *)&count : (void *)&few;
  size_t width = big ? sizeof count : sizeof few;
  if (place >= byte_count || pread(TIFFFileno(tiff), number, width, (off_t)place) != (ssize_t)width) {
    return false;
  }
  if (TIFFIsByteSwapped(tiff)) {
    if (big) {
      TIFFSwabLong8(&count);
    } else {
      TIFFSwabShort(&few);
    }
  }
  if (!big) count = few;
  // Each entry, and after them where the next page is.
  if (__builtin_mul_overflow(count, (uint64_t)(big ? 20 : 12), &size) ||
      __builtin_add_overflow(size, (uint64_t)(big ? 16 : 6), &size)) {
    return false;
  }
  return size <= byte_count - place;
}

// Whether no colour of the page's table is darker than the one before it, and the last is brighter.
static bool palette_rises(TIFF *tiff, uint16_t bits) {
  uint16_t *colors[3] = {NULL, NULL, NULL};
  if (bits > 16 || !TIFFGetField(tiff, TIFFTAG_COLORMAP, &colors[0], &colors[1], &colors[2])) {
    return false;
  }
  size_t last = ((size_t)1 << bits) - 1;
  bool brighter = false;
  for (int color = 0; color < 3; color++) {
    if (colors[color] == NULL) return false;
    for (size_t index = 0; index < last; index++) {
      if (colors[color][index + 1] < colors[color][index]) return false;
    }
    if (colors[color][last] > colors[color][0]) brighter = true;
  }
  return brighter;
}

// Adds up the strips or tiles, and looks whether they follow one another.
static void find_parts(TIFF *tiff, ctiff_page *header) {
  uint32_t parts = header->tiled ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff);
  const uint64_t *sizes = NULL, *places = NULL;
  if (!TIFFGetField(tiff, header->tiled ? TIFFTAG_TILEBYTECOUNTS : TIFFTAG_STRIPBYTECOUNTS,
                    &sizes) ||
      !TIFFGetField(tiff, header->tiled ? TIFFTAG_TILEOFFSETS : TIFFTAG_STRIPOFFSETS, &places) ||
      sizes == NULL || places == NULL || parts == 0 || parts >= (1u << 24)) {
    return;
  }
  header->contiguous = header->compression == COMPRESSION_NONE && !header->tiled &&
                       (!header->planar || header->samples == 1) && header->bits % 8 == 0;
  header->first_byte = places[0];
  header->swapped = TIFFIsByteSwapped(tiff) != 0;
  for (uint32_t part = 0; part < parts; part++) {
    if (part > 0 && places[part] - places[part - 1] != sizes[part - 1]) header->contiguous = false;
    if (__builtin_add_overflow(header->stored_bytes, sizes[part], &header->stored_bytes)) {
      header->stored_bytes = UINT64_MAX;
      header->contiguous = false;
      return;
    }
  }
}

bool ctiff_select(ctiff_file *file, uint32_t page, ctiff_page *header) {
  TIFF *tiff = file->tiff;
  file->message[0] = 0;
  if (!TIFFSetDirectory(tiff, (tdir_t)page)) return false;
  uint16_t planar = PLANARCONFIG_CONTIG, format = SAMPLEFORMAT_UINT, photometric = 1;
  memset(header, 0, sizeof *header);
  if (!TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &header->width) ||
      !TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &header->height)) {
    if (file->message[0] == 0) snprintf(file->message, sizeof file->message, "no width or height");
    return false;
  }
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &header->bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &header->samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &planar);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &header->compression);
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
  TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &header->resolution);
  // libtiff turns the colours that JPEG stores apart back into red, green and blue.
  if (header->compression == COMPRESSION_JPEG && photometric == PHOTOMETRIC_YCBCR) {
    TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  }
  header->format = format == SAMPLEFORMAT_VOID ? SAMPLEFORMAT_UINT : format;
  header->planar = planar == PLANARCONFIG_SEPARATE && header->samples > 1;
  header->tiled = TIFFIsTiled(tiff) != 0;
  header->palette = photometric == PHOTOMETRIC_PALETTE;
  header->inverted = photometric == PHOTOMETRIC_MINISWHITE;
  header->palette_rises = header->palette && palette_rises(tiff, header->bits);
  header->photometric = photometric;
  header->sample_bytes = header->bits <= 8 ? 1 : header->bits <= 16 ? 2 : header->bits / 8;
  header->decodable = TIFFIsCODECConfigured(header->compression) != 0;
  uint32_t kind = 0;
  uint16_t old_kind = 0;
  if (TIFFGetField(tiff, TIFFTAG_SUBFILETYPE, &kind)) {
    header->secondary = (kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) != 0;
  } else if (TIFFGetField(tiff, TIFFTAG_OSUBFILETYPE, &old_kind)) {
    header->secondary = old_kind == OFILETYPE_REDUCEDIMAGE;
  }
  find_parts(tiff, header);
  return true;
}

const char *ctiff_description(ctiff_file *file) {
  char *text = NULL;
  return TIFFGetField(file->tiff, TIFFTAG_IMAGEDESCRIPTION, &text) ? text : NULL;
}

static bool fail(ctiff_file *file, const char *message) {
  if (file->message[0] == 0) snprintf(file->message, sizeof file->message, "%s", message);
  return false;
}

// Copies `count` samples of plane `sample` into pixels that hold `samples` each.
static void scatter(uint8_t *to, const uint8_t *from, size_t count, size_t bytes, size_t samples,
                    size_t sample) {
  if (samples == 1) {
    memcpy(to, from, count * bytes);
    return;
  }
  for (size_t index = 0; index < count; index++) {
    memcpy(to + (index * samples + sample) * bytes, from + index * bytes, bytes);
  }
}

// Copies `count` samples of a row, each of few bits made a number of one or two bytes.
static void copy_row(uint8_t *to, const uint8_t *from, size_t count, uint16_t bits) {
  if (bits % 8 == 0) {
    memcpy(to, from, count * (bits / 8));
    return;
  }
  uint32_t held = 0, mask = (1u << bits) - 1;
  int held_bits = 0;
  for (size_t index = 0; index < count; index++) {
    while (held_bits < bits) {
      held = held << 8 | *from++;
      held_bits += 8;
    }
    held_bits -= bits;
    uint16_t value = (uint16_t)(held >> held_bits & mask);
    if (bits < 8) {
      to[index] = (uint8_t)value;
    } else {
      memcpy(to + 2 * index, &value, 2);
    }
  }
}

// Bytes of a row of a strip or tile; rows begin at whole bytes.
static size_t row_size(const ctiff_page *page, size_t width) {
  return (width * page->bits * (page->planar ? 1 : page->samples) + 7) / 8;
}

static bool read_strips(ctiff_file *file, const ctiff_page *page, uint8_t *pixels, uint8_t *part,
                        tmsize_t part_size, uint32_t rows_per_strip) {
  size_t bytes = page->sample_bytes;
  uint16_t planes = page->planar ? page->samples : 1;
  size_t stored_row = row_size(page, page->width);
  for (uint16_t plane = 0; plane < planes; plane++) {
    for (uint32_t row = 0; row < page->height; row += rows_per_strip) {
      uint32_t rows = page->height - row < rows_per_strip ? page->height - row : rows_per_strip;
      tmsize_t wanted = (tmsize_t)(rows * stored_row);
      if (wanted > part_size) return fail(file, "a strip is smaller than its rows");
      uint32_t strip = TIFFComputeStrip(file->tiff, row, plane);
      if (TIFFReadEncodedStrip(file->tiff, strip, part, wanted) < wanted) {
        return fail(file, "a strip is cut short");
      }
      uint8_t *to = pixels + (size_t)row * page->width * bytes * page->samples;
      if (page->planar) {
        scatter(to, part, rows * (size_t)page->width, bytes, page->samples, plane);
      } else {
        size_t count = (size_t)page->width * page->samples;
        for (uint32_t line = 0; line < rows; line++) {
          copy_row(to + line * count * bytes, part + line * stored_row, count, page->bits);
        }
      }
    }
  }
  return true;
}

static bool read_tiles(ctiff_file *file, const ctiff_page *page, uint8_t *pixels, uint8_t *part,
                       tmsize_t part_size) {
  uint32_t width = 0, height = 0;
  if (!TIFFGetField(file->tiff, TIFFTAG_TILEWIDTH, &width) ||
      !TIFFGetField(file->tiff, TIFFTAG_TILELENGTH, &height) || width == 0 || height == 0) {
    return fail(file, "tiles without a size");
  }
  size_t bytes = page->sample_bytes;
  uint16_t planes = page->planar ? page->samples : 1;
  size_t stored_row = row_size(page, width);
  if (stored_row > (size_t)part_size / height) {
    return fail(file, "a tile is smaller than its pixels");
  }
  for (uint16_t plane = 0; plane < planes; plane++) {
    for (uint32_t top = 0; top < page->height; top += height) {
      for (uint32_t left = 0; left < page->width; left += width) {
        if (TIFFReadTile(file->tiff, part, left, top, 0, plane) < 0) {
          return fail(file, "a tile cannot be decoded");
        }
        uint32_t rows = page->height - top < height ? page->height - top : height;
        uint32_t columns = page->width - left < width ? page->width - left : width;
        for (uint32_t row = 0; row < rows; row++) {
          const uint8_t *from = part + row * stored_row;
          uint8_t *to =
              pixels + ((size_t)(top + row) * page->width + left) * bytes * page->samples;
          if (page->planar) {
            scatter(to, from, columns, bytes, page->samples, plane);
          } else {
            copy_row(to, from, (size_t)columns * page->samples, page->bits);
          }
        }
        if (left > UINT32_MAX - width) break;
      }
      if (top > UINT32_MAX - height) break;
    }
  }
  return true;
}

bool ctiff_read(ctiff_file *file, const ctiff_page *page, void *pixels, size_t byte_count) {
  file->message[0] = 0;
  if (page->bits == 0 || (page->bits % 8 != 0 && (page->bits > 16 || page->planar))) {
    return fail(file, "samples of an odd number of bits");
  }
  uint64_t needed = 0;
  if (__builtin_mul_overflow((uint64_t)page->width * page->height,
                             (uint64_t)page->samples * page->sample_bytes, &needed) ||
      needed != byte_count) {
    return fail(file, "the page has another size");
  }
  tmsize_t part_size = page->tiled ? TIFFTileSize(file->tiff) : TIFFStripSize(file->tiff);
  if (part_size <= 0 || part_size > largest_allocation) {
    return fail(file, "a strip or tile of an impossible size");
  }
  uint32_t rows_per_strip = page->height;
  TIFFGetFieldDefaulted(file->tiff, TIFFTAG_ROWSPERSTRIP, &rows_per_strip);
  if (rows_per_strip == 0) return fail(file, "strips without rows");
  if (rows_per_strip > page->height) rows_per_strip = page->height;
  uint8_t *part = malloc((size_t)part_size);
  if (part == NULL) return fail(file, "out of memory");
  bool good = page->tiled ? read_tiles(file, page, pixels, part, part_size)
                          : read_strips(file, page, pixels, part, part_size, rows_per_strip);
  free(part);
  return good;
}

bool ctiff_append(ctiff_file *file, uint32_t width, uint32_t height, uint16_t bits,
                  uint16_t format, const void *pixels, const char *description) {
  TIFF *tiff = file->tiff;
  file->message[0] = 0;
  size_t row_bytes = (size_t)width * (bits / 8);
  uint32_t rows = (uint32_t)((1 << 18) / (row_bytes == 0 ? 1 : row_bytes));
  if (rows == 0) rows = 1;
  if (rows > height) rows = height;
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, height);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, bits);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, format);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
  TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
  TIFFSetField(tiff, TIFFTAG_ZIPQUALITY, 1);
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, rows);
  if (description != NULL) TIFFSetField(tiff, TIFFTAG_IMAGEDESCRIPTION, description);
  const uint8_t *from = pixels;
  uint32_t strip = 0;
  for (uint32_t row = 0; row < height; row += rows) {
    uint32_t count = height - row < rows ? height - row : rows;
    // libtiff may change the buffer it encodes from, so it gets a copy.
    size_t size = count * row_bytes;
    uint8_t *copy = malloc(size);
    if (copy == NULL) return fail(file, "out of memory");
    memcpy(copy, from, size);
    tmsize_t written = TIFFWriteEncodedStrip(tiff, strip++, copy, (tmsize_t)size);
    free(copy);
    if (written < 0) return fail(file, "a strip cannot be written");
    from += size;
  }
  return TIFFWriteDirectory(tiff) ? true : fail(file, "a page cannot be written");
}
