// The system's libtiff, found through pkg-config.
#include <tiffio.h>
