#include "CPNG.h"

#include <errno.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cpng_file {
  png_structp png;
  png_infop info;
  FILE *stream;
  cpng_header header;
  char message[256];
};

static void keep_error(png_structp png, png_const_charp text) {
  cpng_file *file = png_get_error_ptr(png);
  snprintf(file->message, sizeof file->message, "%s", text);
  png_longjmp(png, 1);
}

static void drop_warning(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

void cpng_close(cpng_file *file) {
  if (file->png != NULL) png_destroy_read_struct(&file->png, &file->info, NULL);
  if (file->stream != NULL) fclose(file->stream);
  free(file);
}

// Whether no colour of the table is darker than the one before it, and the last is brighter.
static bool palette_rises(png_structp png, png_infop info) {
  png_colorp colors = NULL;
  int count = 0;
  if (png_get_PLTE(png, info, &colors, &count) == 0 || count < 2) return false;
  for (int index = 0; index + 1 < count; index++) {
    png_color one = colors[index], next = colors[index + 1];
    if (next.red < one.red || next.green < one.green || next.blue < one.blue) return false;
  }
  png_color first = colors[0], last = colors[count - 1];
  return last.red > first.red || last.green > first.green || last.blue > first.blue;
}

// Reads the header; apart from `cpng_open`, so that no local variable lives across the jump.
static bool read_header(cpng_file *file) {
  png_structp png = file->png;
  if (setjmp(png_jmpbuf(png))) return false;
  png_init_io(png, file->stream);
  // The caller checks sizes against the file's length; libpng's own limit is a million.
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  png_read_info(png, file->info);
  int type = png_get_color_type(png, file->info);
  file->header.width = png_get_image_width(png, file->info);
  file->header.height = png_get_image_height(png, file->info);
  file->header.bits = png_get_bit_depth(png, file->info);
  file->header.palette = type == PNG_COLOR_TYPE_PALETTE;
  file->header.palette_rises = file->header.palette && palette_rises(png, file->info);
  file->header.alpha = (type & PNG_COLOR_MASK_ALPHA) != 0;
  file->header.samples = type == PNG_COLOR_TYPE_RGB || type == PNG_COLOR_TYPE_RGB_ALPHA ? 3 : 1;
  // Few bits become a byte each, as the numbers they are; 16 bits come in the machine's order.
  png_set_packing(png);
  if ((type & PNG_COLOR_MASK_ALPHA) != 0) png_set_strip_alpha(png);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  if (file->header.bits == 16) png_set_swap(png);
#endif
  png_set_interlace_handling(png);
  png_read_update_info(png, file->info);
  return true;
}

cpng_file *cpng_open(const char *path, cpng_header *header, char *message, size_t capacity) {
  cpng_file *file = calloc(1, sizeof *file);
  if (file == NULL) {
    snprintf(message, capacity, "out of memory");
    return NULL;
  }
  file->stream = fopen(path, "rb");
  if (file->stream == NULL) {
    snprintf(message, capacity, "%s", strerror(errno));
    cpng_close(file);
    return NULL;
  }
  file->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, file, keep_error, drop_warning);
  if (file->png != NULL) file->info = png_create_info_struct(file->png);
  if (file->info == NULL || !read_header(file)) {
    snprintf(message, capacity, "%s", file->info == NULL ? "out of memory" : file->message);
    cpng_close(file);
    return NULL;
  }
  *header = file->header;
  return file;
}

static bool read_rows(cpng_file *file, png_bytepp rows) {
  if (setjmp(png_jmpbuf(file->png))) return false;
  png_read_image(file->png, rows);
  png_read_end(file->png, NULL);
  return true;
}

bool cpng_read(cpng_file *file, void *pixels, size_t byte_count, char *message, size_t capacity) {
  size_t stride = png_get_rowbytes(file->png, file->info);
  size_t height = file->header.height;
  if (stride == 0 || byte_count % stride != 0 || byte_count / stride != height) {
    snprintf(message, capacity, "the picture has another size");
    return false;
  }
  png_bytepp rows = malloc(height * sizeof *rows);
  if (rows == NULL) {
    snprintf(message, capacity, "out of memory");
    return false;
  }
  for (size_t row = 0; row < height; row++) rows[row] = (png_bytep)pixels + row * stride;
  bool good = read_rows(file, rows);
  free(rows);
  if (!good) snprintf(message, capacity, "%s", file->message);
  return good;
}

uint8_t *cpng_encode_rgb(uint32_t width, uint32_t height, const uint8_t *pixels, size_t *count,
                         char *message, size_t capacity) {
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = width;
  image.height = height;
  image.format = PNG_FORMAT_RGB;
  // Pictures for a person: quick to write matters more than the last tenth of the size.
  image.flags = PNG_IMAGE_FLAG_FAST;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  uint8_t *bytes = malloc(size);
  if (bytes == NULL) {
    snprintf(message, capacity, "out of memory");
  } else if (!png_image_write_to_memory(&image, bytes, &size, 0, pixels, 0, NULL)) {
    snprintf(message, capacity, "%s", image.message);
    free(bytes);
    bytes = NULL;
  }
  *count = size;
  png_image_free(&image);
  return bytes;
}
