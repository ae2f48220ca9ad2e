// JPEG through libjpeg, for CytoselfAtlas.
//
// libjpeg reports errors through a function that must not return; here every function is plain and
// an error is a message. Calls on several threads do not meet.
#ifndef CJPEG_H
#define CJPEG_H

#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// The file of a grey picture `[height, width]`, in memory: writing it is not left to libjpeg, so that
/// it is synced and renamed like every other. `quality` is 1 to 100. The caller frees it; on failure
/// returns NULL and fills `message`.
uint8_t *_Nullable cjpeg_encode_grey(uint32_t width, uint32_t height, const uint8_t *pixels,
                                     int quality, size_t *count, char *message, size_t capacity);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif

#endif
