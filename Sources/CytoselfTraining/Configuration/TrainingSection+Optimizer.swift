import CytoselfModel
import TorchNN

extension TrainingSection {
  /// The optimiser's constants at the start.
  var adamOptions: Adam.Options {
    var options: Adam.Options =
      switch optimizer {
      case .adamW: .adamW(learningRate: rate, weightDecay: weightDecay)
      case .adam: .adam(learningRate: rate, weightDecay: weightDecay)
      }
    options.decaysVectors = decaysVectors
    options.beta1 = betas[0]
    options.beta2 = betas[1]
    options.epsilon = epsilon
    return options
  }

  /// How the parts of the loss are weighed in training.
  var coefficients: LossCoefficients {
    LossCoefficients(
      quantization: vqCoefficient, classification: fcCoefficient,
      labelSmoothing: labelSmoothing)
  }
}
