// The C boundary to libtorch. Every function that can fail returns a status (0 is success) and, on
// failure, sets *message to a string that the caller frees with ct_free_message. No C++ exception
// crosses. A tensor handle is owned by whoever received it and is released with ct_release; a NULL
// handle stands for an undefined (optional) tensor. Shapes are int64 lists; booleans are int32.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __clang__
#define CT_NONNULL _Nonnull
#define CT_NULLABLE _Nullable
#else
#define CT_NONNULL
#define CT_NULLABLE
#endif

typedef struct ct_tensor ct_tensor;
typedef struct ct_generator ct_generator;
typedef int32_t ct_status;
typedef char *CT_NULLABLE *CT_NONNULL ct_message;
typedef const ct_tensor *CT_NONNULL ct_in;
typedef const ct_tensor *CT_NULLABLE ct_optional;
typedef ct_tensor *CT_NULLABLE *CT_NONNULL ct_out;
typedef const int64_t *CT_NULLABLE ct_ints;

// Status values.
enum { CT_OK = 0, CT_BACKEND = 1, CT_STANDARD = 2, CT_UNKNOWN = 3, CT_OUT_OF_MEMORY = 4 };

// Element types, by number at this boundary only.
enum {
  CT_BOOL = 0, CT_UINT8 = 1, CT_INT8 = 2, CT_INT16 = 3, CT_INT32 = 4, CT_INT64 = 5,
  CT_FLOAT16 = 6, CT_BFLOAT16 = 7, CT_FLOAT32 = 8, CT_FLOAT64 = 9
};

// Device kinds. The index counts devices of a kind; it is 0 for the CPU.
enum { CT_CPU = 0, CT_CUDA = 1, CT_MPS = 2 };

// --- Status.cpp: the library itself
void ct_free_message(char *CT_NULLABLE message);
// The version of the libtorch that runs, as "2.13.0", and the minor version whose headers this was
// compiled with, as "2.13": between minor versions the interfaces in C++ change.
const char *CT_NONNULL ct_version(void);
const char *CT_NONNULL ct_built_for(void);
int64_t ct_live_tensors(void);
void ct_release(ct_tensor *CT_NULLABLE tensor);
// Raises inside the boundary what `kind` says (1 c10::Error, 2 std::exception, 3 anything else,
// 4 out of memory): the tests see that each arrives as a status.
ct_status ct_raise(int32_t kind, ct_message message);

// --- Device.cpp: devices, threads, what the processor can do
int32_t ct_device_count(int32_t kind);
ct_status ct_set_threads(int32_t threads, ct_message message);
int32_t ct_threads(void);
const char *CT_NONNULL ct_cpu_capability(void);
int32_t ct_has_mkldnn(void);
// Whether cuDNN, which convolves on an accelerator, must take algorithms that sum in a fixed order.
void ct_set_deterministic(int32_t deterministic);
void ct_set_mkldnn(int32_t enabled);
// Whether our own kernels (Kernels/) run where they are faster, or libtorch's alone. They do from the
// start, unless the environment has CYTOSELF_PLAIN.
void ct_set_kernels(int32_t enabled);
int32_t ct_kernels(void);

// --- Allocator.cpp: large CPU blocks kept from one step to the next
void ct_install_caching_allocator(void);

// --- Tensor.cpp: making tensors, asking about them, moving bytes
ct_status ct_from_bytes(ct_out out, const void *CT_NULLABLE bytes, ct_ints shape, int32_t rank,
                        int32_t type, ct_message message);
ct_status ct_full(ct_out out, double value, ct_ints shape, int32_t rank, int32_t type,
                  int32_t device, int32_t device_index, ct_message message);
ct_status ct_arange(ct_out out, int64_t count, int32_t device, int32_t device_index,
                    ct_message message);
ct_status ct_share(ct_out out, ct_in a, ct_message message);
int32_t ct_rank(ct_in a);
int64_t ct_size(ct_in a, int32_t axis);
int64_t ct_count(ct_in a);
int32_t ct_type(ct_in a);
int32_t ct_device_kind(ct_in a);
int32_t ct_device_index(ct_in a);
int32_t ct_is_contiguous(ct_in a);
ct_status ct_item(ct_in a, double *CT_NONNULL value, ct_message message);
ct_status ct_copy_bytes(ct_in a, void *CT_NULLABLE bytes, int64_t count, ct_message message);
ct_status ct_to(ct_out out, ct_in a, int32_t type, int32_t device, int32_t device_index,
                ct_message message);
ct_status ct_clone(ct_out out, ct_in a, ct_message message);
ct_status ct_copy_(ct_in target, ct_in source, ct_message message);
// Gives a parameter or a buffer the storage of another, as moving a network to a device needs.
ct_status ct_set_data(ct_in target, ct_in source, ct_message message);
ct_status ct_fill_(ct_in target, double value, ct_message message);

// --- Arithmetic.cpp: element by element, reductions, products
enum {
  CT_ADD, CT_SUBTRACT, CT_MULTIPLY, CT_DIVIDE, CT_EQUAL, CT_MAXIMUM, CT_MINIMUM
};
enum {
  CT_NEGATIVE, CT_EXP, CT_LOG, CT_SQRT, CT_SQUARE, CT_ABS, CT_SIGMOID, CT_SILU, CT_RELU,
  CT_IS_FINITE
};
enum { CT_SUM, CT_MEAN, CT_MAX, CT_MIN, CT_LOG_SUM_EXP };
ct_status ct_binary(ct_out out, int32_t operation, ct_in a, ct_in b, ct_message message);
ct_status ct_binary_scalar(ct_out out, int32_t operation, ct_in a, double b, ct_message message);
ct_status ct_unary(ct_out out, int32_t operation, ct_in a, ct_message message);
ct_status ct_reduce(ct_out out, int32_t operation, ct_in a, ct_ints axes, int32_t count,
                    int32_t keep, ct_message message);
ct_status ct_argmin(ct_out out, ct_in a, int64_t axis, ct_message message);
ct_status ct_matmul(ct_out out, ct_in a, ct_in b, ct_message message);
ct_status ct_all_close(int32_t *CT_NONNULL result, ct_in a, ct_in b, double relative,
                       double absolute, ct_message message);
ct_status ct_bincount(ct_out out, ct_in a, int64_t bins, ct_message message);
// The sums of the rows [n, width] that share a number in bins int64 [n]: [count, width].
ct_status ct_sum_rows(ct_out out, ct_in rows, ct_in bins, int64_t count, ct_message message);
// In place, for optimisers: a += alpha * b; a *= alpha.
ct_status ct_add_(ct_in a, ct_in b, double alpha, ct_message message);
ct_status ct_scale_(ct_in a, double alpha, ct_message message);

// --- Shape.cpp: views and rearrangements
ct_status ct_reshape(ct_out out, ct_in a, ct_ints shape, int32_t rank, ct_message message);
ct_status ct_permute(ct_out out, ct_in a, ct_ints order, int32_t rank, ct_message message);
ct_status ct_contiguous(ct_out out, ct_in a, ct_message message);
ct_status ct_channels_last(ct_out out, ct_in a, ct_message message);
ct_status ct_narrow(ct_out out, ct_in a, int64_t axis, int64_t start, int64_t length,
                    ct_message message);
ct_status ct_concatenate(ct_out out, const ct_tensor *CT_NULLABLE const *CT_NONNULL parts,
                         int32_t count, int64_t axis, ct_message message);
ct_status ct_index_select(ct_out out, ct_in a, int64_t axis, ct_in indices, ct_message message);
ct_status ct_flip(ct_out out, ct_in a, ct_ints axes, int32_t count, ct_message message);
ct_status ct_rotate(ct_out out, ct_in a, int64_t quarter_turns, int64_t axis0, int64_t axis1,
                    ct_message message);
ct_status ct_pad(ct_out out, ct_in a, ct_ints padding, int32_t count, ct_message message);

// --- Network.cpp: layers and losses
ct_status ct_convolution(ct_out out, ct_in input, ct_in weight, ct_optional bias, ct_ints stride,
                         ct_ints padding, ct_ints dilation, int64_t groups, ct_message message);
// Normalises, adds `other` if there is one, and applies SiLU if `activates`.
ct_status ct_batch_norm(ct_out out, ct_in input, ct_optional weight, ct_optional bias, ct_in mean,
                        ct_in variance, int32_t training, double momentum, double epsilon,
                        ct_optional other, int32_t activates, ct_message message);
// [batch, channel, height, width] times [batch, channel, 1, 1].
ct_status ct_scale_channels(ct_out out, ct_in input, ct_in scale, ct_message message);
ct_status ct_linear(ct_out out, ct_in input, ct_in weight, ct_optional bias, ct_message message);
ct_status ct_upsample_bilinear(ct_out out, ct_in input, int64_t height, int64_t width,
                               ct_message message);
ct_status ct_upsample_nearest(ct_out out, ct_in input, int64_t height, int64_t width,
                              ct_message message);
ct_status ct_softmax(ct_out out, ct_in input, int64_t axis, int32_t logarithm, ct_message message);
ct_status ct_embedding(ct_out out, ct_in table, ct_in indices, ct_message message);
ct_status ct_mean_squared_error(ct_out out, ct_in input, ct_in target, ct_message message);
ct_status ct_cross_entropy(ct_out out, ct_in logits, ct_in classes, ct_message message);
// The nearest of the codes [count, width] to each of the rows [n, width], int64 [n], and, with spread,
// the logarithm of the sum over codes of exp(least squared distance - squared distance), [n]. Leaves
// both NULL where no kernel of our own can do it. No gradients.
ct_status ct_nearest(ct_out out, ct_out spread, ct_in rows, ct_in codes, int32_t with_spread,
                     ct_message message);

// --- Precision.cpp: products in half the bits. The setting belongs to the calling thread.
// Turns autocast to bfloat16 on or off for a kind of device, and returns whether it was on.
int32_t ct_set_autocast(int32_t kind, int32_t enabled);

// --- Gradient.cpp: automatic differentiation
int32_t ct_set_gradients_enabled(int32_t enabled);
int32_t ct_gradients_enabled(void);
ct_status ct_set_requires_gradient(ct_in a, int32_t requires_gradient, ct_message message);
int32_t ct_requires_gradient(ct_in a);
ct_status ct_detach(ct_out out, ct_in a, ct_message message);
ct_status ct_backward(ct_in loss, ct_message message);
ct_status ct_gradient(ct_out out, ct_in a, ct_message message);
ct_status ct_set_gradient(ct_in a, ct_optional gradient, ct_message message);

// --- Optimizer.cpp: one fused pass over all parameters
ct_status ct_fused_adam(const ct_tensor *CT_NULLABLE const *CT_NONNULL parameters,
                        const ct_tensor *CT_NULLABLE const *CT_NONNULL gradients,
                        const ct_tensor *CT_NULLABLE const *CT_NONNULL first_moments,
                        const ct_tensor *CT_NULLABLE const *CT_NONNULL second_moments,
                        const ct_tensor *CT_NULLABLE const *CT_NONNULL steps, int32_t count,
                        double learning_rate, double beta1, double beta2, double weight_decay,
                        double epsilon, int32_t decoupled, ct_message message);
ct_status ct_gradient_norm(double *CT_NONNULL norm,
                           const ct_tensor *CT_NULLABLE const *CT_NONNULL gradients, int32_t count,
                           ct_message message);

// --- Random.cpp: seeded generators
ct_status ct_generator_new(ct_generator *CT_NULLABLE *CT_NONNULL out, uint64_t seed,
                           ct_message message);
void ct_generator_release(ct_generator *CT_NULLABLE generator);
ct_status ct_generator_state(ct_out out, ct_generator *CT_NONNULL generator, ct_message message);
ct_status ct_generator_set_state(ct_generator *CT_NONNULL generator, ct_in state,
                                 ct_message message);
ct_status ct_uniform_(ct_in a, double low, double high, ct_generator *CT_NONNULL generator,
                      ct_message message);
ct_status ct_normal_(ct_in a, double mean, double deviation, ct_generator *CT_NONNULL generator,
                     ct_message message);
ct_status ct_bernoulli_(ct_in a, double probability, ct_generator *CT_NONNULL generator,
                        ct_message message);
ct_status ct_permutation(ct_out out, int64_t count, ct_generator *CT_NONNULL generator,
                         ct_message message);

#ifdef __cplusplus
}
#endif
