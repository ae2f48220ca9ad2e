#include "CJPEG.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

// Everything that lives across the jump, so that no local variable does.
struct encoder {
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr errors;
  jmp_buf failed;
  unsigned char *bytes;
  unsigned long count;
  char message[JMSG_LENGTH_MAX];
};

static void keep_error(j_common_ptr jpeg) {
  struct encoder *encoder = jpeg->client_data;
  jpeg->err->format_message(jpeg, encoder->message);
  longjmp(encoder->failed, 1);
}

static void drop_message(j_common_ptr jpeg) { (void)jpeg; }

static int encode(struct encoder *encoder, uint32_t width, uint32_t height, const uint8_t *pixels,
                  int quality) {
  struct jpeg_compress_struct *jpeg = &encoder->jpeg;
  if (setjmp(encoder->failed)) return 0;
  jpeg_create_compress(jpeg);
  jpeg_mem_dest(jpeg, &encoder->bytes, &encoder->count);
  jpeg->image_width = width;
  jpeg->image_height = height;
  jpeg->input_components = 1;
  jpeg->in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults(jpeg);
  jpeg_set_quality(jpeg, quality, TRUE);
  // Tables made for the picture: some per cent smaller, and many sheets make a folder.
  jpeg->optimize_coding = TRUE;
  jpeg_start_compress(jpeg, TRUE);
  while (jpeg->next_scanline < height) {
    JSAMPROW row = (JSAMPROW)pixels + (size_t)jpeg->next_scanline * width;
    jpeg_write_scanlines(jpeg, &row, 1);
  }
  jpeg_finish_compress(jpeg);
  return 1;
}

uint8_t *cjpeg_encode_grey(uint32_t width, uint32_t height, const uint8_t *pixels, int quality,
                           size_t *count, char *message, size_t capacity) {
  struct encoder *encoder = calloc(1, sizeof *encoder);
  if (encoder == NULL) {
    snprintf(message, capacity, "out of memory");
    return NULL;
  }
  encoder->jpeg.err = jpeg_std_error(&encoder->errors);
  encoder->jpeg.client_data = encoder;
  encoder->errors.error_exit = keep_error;
  encoder->errors.output_message = drop_message;
  int good = encode(encoder, width, height, pixels, quality);
  jpeg_destroy_compress(&encoder->jpeg);
  uint8_t *bytes = encoder->bytes;
  *count = encoder->count;
  if (!good) {
    snprintf(message, capacity, "%s", encoder->message);
    free(bytes);
    bytes = NULL;
  }
  free(encoder);
  return bytes;
}
