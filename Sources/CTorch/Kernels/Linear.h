// Linear layers of few rows and many weights, as a classifier of a whole map has.
#pragma once
#include <ATen/core/Tensor.h>

#include <optional>

// Whether the kernels are made for this: float32 on the CPU, rows and outputs a multiple of 8,
// inputs in whole vectors, and more weights than the caches hold.
bool ct_linear_fits(const at::Tensor &input, const at::Tensor &weight,
                    const std::optional<at::Tensor> &bias);

// input [rows, inputs] times the transposed weight [outputs, inputs], plus bias, with gradients for
// all three.
//
// Error: on random data within 3e-6 of the largest magnitude of what double precision gives.
at::Tensor ct_linear_of_few_rows(const at::Tensor &input, const at::Tensor &weight,
                                 const std::optional<at::Tensor> &bias);
