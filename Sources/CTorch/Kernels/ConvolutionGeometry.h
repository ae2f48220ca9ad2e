// How a convolution's kernel passes over an image.
#pragma once
#include <array>
#include <cstdint>

// Steps, zeros at the edges and distances of taps, each [down, across], and groups of channels.
struct ConvolutionGeometry {
  std::array<int64_t, 2> stride, padding, dilation;
  int64_t groups;

  // Whether both directions are alike and no taps are left out.
  bool is_uniform() const {
    return stride[0] == stride[1] && padding[0] == padding[1] && dilation[0] == 1 &&
           dilation[1] == 1;
  }
};
