// How a convolution's kernel passes over an image.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

// Steps, zeros at the edges and distances of taps, each [down, across], and groups of channels.
struct ConvolutionGeometry {
  std::array<int64_t, 2> stride, padding, dilation;
  int64_t groups;

  ConvolutionGeometry(const int64_t *stride, const int64_t *padding, const int64_t *dilation,
                      int64_t groups)
      : stride{stride[0], stride[1]},
        padding{padding[0], padding[1]},
        dilation{dilation[0], dilation[1]},
        groups(groups) {}

  // From what `numbers` gave.
  explicit ConvolutionGeometry(const std::vector<int64_t> &n)
      : ConvolutionGeometry(&n[0], &n[2], &n[4], n[6]) {}

  // All of it as autograd can keep it.
  std::vector<int64_t> numbers() const {
    return {stride[0], stride[1], padding[0], padding[1], dilation[0], dilation[1], groups};
  }

  // Whether both directions are alike and no taps are left out.
  bool is_uniform() const {
    return stride[0] == stride[1] && padding[0] == padding[1] && dilation[0] == 1 &&
           dilation[1] == 1;
  }
};
