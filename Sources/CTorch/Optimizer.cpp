// One fused pass over all parameters.
#include "Boundary.h"

#include <ATen/ops/_fused_adam.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/_foreach_norm.h>

#include <cmath>

ct_status ct_fused_adam(const ct_tensor *const *parameters, const ct_tensor *const *gradients,
                        const ct_tensor *const *first_moments,
                        const ct_tensor *const *second_moments, const ct_tensor *const *steps,
                        int32_t count, double learning_rate, double beta1, double beta2,
                        double weight_decay, double epsilon, int32_t decoupled, char **message) {
  return ct_guard(message, [&] {
    std::vector<at::Tensor> parameter_list = ct_tensors(parameters, count);
    std::vector<at::Tensor> gradient_list = ct_tensors(gradients, count);
    std::vector<at::Tensor> first_list = ct_tensors(first_moments, count);
    std::vector<at::Tensor> second_list = ct_tensors(second_moments, count);
    std::vector<at::Tensor> step_list = ct_tensors(steps, count);
    const std::vector<at::Tensor> no_maximum;
    // The kernel wants the number of this step. Hundreds of additions by libtorch take milliseconds.
    for (at::Tensor &step : step_list) {
      if (step.device().is_cpu() && step.scalar_type() == at::kFloat)
        *step.mutable_data_ptr<float>() += 1;
      else
        step.add_(1);
    }
    if (decoupled != 0) {
      at::_fused_adamw_(parameter_list, gradient_list, first_list, second_list, no_maximum,
                        step_list, learning_rate, beta1, beta2, weight_decay, epsilon,
                        /*amsgrad=*/false, /*maximize=*/false);
    } else {
      at::_fused_adam_(parameter_list, gradient_list, first_list, second_list, no_maximum,
                       step_list, learning_rate, beta1, beta2, weight_decay, epsilon,
                       /*amsgrad=*/false, /*maximize=*/false);
    }
  });
}

ct_status ct_gradient_norm(double *norm, const ct_tensor *const *gradients, int32_t count,
                           char **message) {
  return ct_guard(message, [&] {
    double sum = 0;
    if (count > 0) {
      for (const at::Tensor &part : at::_foreach_norm(ct_tensors(gradients, count), 2)) {
        const double value = part.item().toDouble();
        sum += value * value;
      }
    }
    *norm = std::sqrt(sum);
  });
}
