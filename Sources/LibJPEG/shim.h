// The system's libjpeg, found through pkg-config; its header needs FILE and size_t before it.
#include <stddef.h>
#include <stdio.h>

#include <jpeglib.h>
