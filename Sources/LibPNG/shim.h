// The system's libpng, found through pkg-config.
#include <png.h>
