// The part of OpenCV's imgproc that Raster and CellCrops use, behind plain C types: an exception that
// reached Swift would end the process.
//
// Pictures are [height, width], row by row from the top. Every function works on the thread that
// calls it: fields are worked on side by side, and a second pool of threads would only be in the
// way. Functions return false when memory ran out.
#ifndef COPENCV_H
#define COPENCV_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// Smooths in place by a Gaussian of standard deviation `sigma` pixels; beyond an edge the nearest pixel is repeated.
bool ccv_smooth(float *pixels, int32_t width, int32_t height, double sigma);

/// Grey opening in place: the smallest, then the largest value in a square of 2 x `radius` + 1
/// pixels.
bool ccv_open(float *pixels, int32_t width, int32_t height, int32_t radius);

/// Opening of a mask in place by a disc of `radius` pixels: what is narrower goes.
bool ccv_open_mask(uint8_t *mask, int32_t width, int32_t height, int32_t radius);

/// Grey dilation in place: the largest value in a square of 2 x `radius` + 1 pixels.
bool ccv_dilate(float *pixels, int32_t width, int32_t height, int32_t radius);

/// The mean of a square of 2 x `radius` + 1 pixels around each, in place.
bool ccv_mean(float *pixels, int32_t width, int32_t height, int32_t radius);

/// Resizes: the mean of the pixels that become one when it shrinks, linear between them when it
/// grows.
bool ccv_resize(const float *from, int32_t width, int32_t height, float *to, int32_t to_width,
                int32_t to_height);

/// Numbers the regions of non-zero pixels that touch along their sides from 1; their count, or -1.
int32_t ccv_regions(const uint8_t *mask, int32_t width, int32_t height, int32_t *labels);

/// Draws the outline of a box into red, green and blue bytes.
bool ccv_draw_box(uint8_t *pixels, int32_t width, int32_t height, int32_t left, int32_t top,
                  int32_t right, int32_t bottom, const uint8_t *color);

/// Writes a line of ASCII text, its baseline starting at `x`, `y`, with a dark rim.
bool ccv_draw_text(uint8_t *pixels, int32_t width, int32_t height, const char *text, int32_t x,
                   int32_t y, double scale, const uint8_t *color);

/// The width of a line of text in pixels.
int32_t ccv_text_width(const char *text, double scale);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif

#ifdef __cplusplus
}
#endif

#endif
