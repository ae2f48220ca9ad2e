// The system's HDF5 library, found through pkg-config.
#include <hdf5.h>
