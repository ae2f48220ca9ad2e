import CTorch

extension Tensor {
  /// One step of Adam (Kingma and Ba 2015) or AdamW (Loshchilov and Hutter 2019) over many tensors
  /// in one pass, in place.
  ///
  /// - Parameters:
  ///   - parameters: The float32 tensors to change.
  ///   - gradients: One for each parameter.
  ///   - firstMoments: Running means of the gradients, updated.
  ///   - secondMoments: Running means of their squares, updated.
  ///   - steps: A float32 scalar for each parameter, counted up by one.
  ///   - learningRate: Step size.
  ///   - beta1: Memory of the first moment.
  ///   - beta2: Memory of the second moment.
  ///   - weightDecay: Share of the weights taken off.
  ///   - epsilon: Added to the root of the second moment.
  ///   - decoupled: True for AdamW; false adds the decay to the gradient.
  /// - Throws: ``TorchError``.
  public static func adamStep(
    parameters: [Tensor], gradients: [Tensor], firstMoments: [Tensor], secondMoments: [Tensor],
    steps: [Tensor], learningRate: Double, beta1: Double, beta2: Double, weightDecay: Double,
    epsilon: Double, decoupled: Bool
  ) throws(TorchError) {
    let count = Int32(parameters.count)
    guard count > 0 else { return }
    try withoutGradients { () throws(TorchError) in
      try checked { message in
        withHandles(parameters) { parameters in
          withHandles(gradients) { gradients in
            withHandles(firstMoments) { firstMoments in
              withHandles(secondMoments) { secondMoments in
                withHandles(steps) { steps in
                  ct_fused_adam(
                    parameters, gradients, firstMoments, secondMoments, steps, count,
                    learningRate, beta1, beta2, weightDecay, epsilon, decoupled ? 1 : 0, &message)
                }
              }
            }
          }
        }
      }
    }
  }
}
