public import Torch

/// The `training` section of a configuration: how the weights are found.
public struct TrainingSection: SettingSection {
  /// Which optimiser changes the weights.
  public enum OptimizerName: String, Codable, CaseIterable, Sendable {
    /// Adam with weight decay apart from the gradient (Loshchilov and Hutter, 2019).
    case adamW = "adamw"
    /// Adam (Kingma and Ba, 2015).
    case adam
  }

  /// The validation loss that decides which weights are best, and when to slow down and stop.
  public enum Monitor: String, Codable, CaseIterable, Sendable {
    /// The total loss, as upstream.
    case loss
    /// The total without the quantisation losses: reconstruction and classification.
    case taskLoss = "task_loss"
    /// Nothing is watched: the weights of the last epoch are kept.
    case last

    /// The name of the watched loss in files.
    public var column: String { self == .taskLoss ? rawValue : Monitor.loss.rawValue }
  }

  /// How the learning rate changes.
  public enum Schedule: String, Codable, CaseIterable, Sendable {
    /// Reduced when the watched loss stops improving, as upstream.
    case plateau
    /// Up and then down over the steps of the run, whatever the losses.
    case cosine
  }

  /// How the cells of batches are chosen.
  public enum Sampling: String, Codable, CaseIterable, Sendable {
    /// Every cell once in an epoch, in random order.
    case shuffled
    /// Several cells each of several classes, from different fields; classes take turns.
    case balanced
  }

  /// Weights to start from: a run folder, a checkpoint folder or a weight file; empty draws them.
  public var initial = ""
  /// Parts of the model that keep the weights they start from, such as `encoder` or `codebook1`.
  public var freeze: [String] = []
  /// Sets first weights, data order, augmentation, dropout and a split by cell.
  public var seed: UInt64 = 0
  /// The number of passes over the training cells at most.
  public var epochs = 100
  /// Where ``epochs`` is 0: the least number of optimiser steps.
  public var steps = 0
  /// Cells per batch.
  public var batchSize = 32
  /// Batches whose gradients are summed before each step.
  public var accumulation = 1
  /// The optimiser.
  public var optimizer = OptimizerName.adamW
  /// The learning rate at the start.
  public var rate = 1e-3
  /// The share of each weight taken away per step, times the learning rate.
  public var weightDecay = 0.01
  /// Whether weight decay also acts on biases and normalisations.
  public var decaysVectors = true
  /// Adam's two decay rates.
  public var betas = [0.9, 0.999]
  /// Adam's guard against division by zero.
  public var epsilon = 1e-8
  /// The validation loss that is monitored.
  public var monitor = Monitor.loss
  /// How the learning rate changes.
  public var schedule = Schedule.plateau
  /// The share of the steps in which a cosine schedule rises.
  public var warmUp = 0.05
  /// Epochs without improvement before the learning rate is reduced.
  public var plateauPatience = 4
  /// What the learning rate is multiplied by then.
  public var plateauFactor = 0.1
  /// The learning rate is not reduced below this.
  public var rateFloor = 1e-8
  /// Epochs without improvement before training stops; 0 never stops.
  public var stopPatience = 12
  /// The largest norm of the gradient; longer ones are scaled down, 0 leaves them.
  public var clipNorm = 0.0
  /// The weight of the quantisation losses in the total.
  public var vqCoefficient = 1.0
  /// The weight of the classification losses in the total.
  public var fcCoefficient = 1.0
  /// The share of the classifiers' aim that is spread over all classes.
  public var labelSmoothing = 0.0
  /// The decay of the running mean of the weights that is evaluated and kept; 0 keeps the weights.
  public var average = 0.0
  /// The share of training cells that are rebuilt without the first level.
  public var levelDropout = 0.0
  /// How the cells of batches are chosen.
  public var sampling = Sampling.shuffled
  /// Cells of a class in a balanced batch.
  public var cellsPerClass = 4
  /// Whether training crops are turned and flipped at random.
  public var augment = true
  /// How strongly training crops are distorted beside that; 0 not at all, 1 as usual.
  public var distortion = 0.0
  /// Steps between checkpoints inside an epoch; 0 saves at the end of epochs alone.
  public var checkpointSteps = 1000
  /// Threads of one tensor operation; 0 uses all cores.
  public var threads = 0
  /// Threads that read crops ahead.
  public var loaderThreads = 2
  /// Where the model runs: `cpu`, `cuda`, `cuda:N` or `mps`.
  public var device = "cpu"
  /// What convolutions and matrix products are computed in, where that is faster.
  public var precision = Precision.float32

  /// The defaults.
  public init() {}
}
