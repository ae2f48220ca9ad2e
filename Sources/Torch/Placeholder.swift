// The Torch library.
