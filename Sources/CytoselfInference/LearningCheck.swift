import ArrayFiles
import CellData
import CytoselfAnalysis
public import CytoselfModel
public import CytoselfTraining
public import Foundation
import Numerics
public import Torch

/// Whether a model has learnt more than anyone could measure without it.
///
/// The embedding that the model writes by default, and hand-crafted features of the same crops, each
/// give two classifiers fitted to training cells; the accuracies are those on the validation set, whose
/// fields the model was not trained on. Test cells are not looked at.
public struct LearningCheck: Codable, Equatable, Sendable {
  /// Balanced accuracies of two classifiers, 0 to 1: the mean over the classes of the share of their
  /// cells that were classified rightly.
  public struct Accuracy: Codable, Equatable, Sendable {
    /// The vote of the five nearest training cells.
    public let nearest: Double
    /// Logistic regression.
    public let logistic: Double

    init(logistic: Identification, nearest: Identification) {
      self.nearest = nearest.balancedAccuracy.value
      self.logistic = logistic.balancedAccuracy.value
    }
  }

  /// The layer of the embedding.
  public let layer: String
  /// Training cells that the classifiers were fitted to.
  public let trainingCells: Int
  /// Validation cells that were classified.
  public let validationCells: Int
  /// Classes among them.
  public let classes: Int
  /// The balanced accuracy of a guess.
  public let chance: Double
  /// How many hand-crafted features there are.
  public let handCraftedFeatures: Int
  /// The accuracies with the embedding.
  public let embedding: Accuracy
  /// The accuracies with hand-crafted features.
  public let handCrafted: Accuracy

  /// Cells of each part at most; of more, evenly spread ones.
  static let mostCells = 3000

  /// Embeds, measures and classifies.
  ///
  /// - Parameters:
  ///   - model: the trained model.
  ///   - device: where it runs.
  ///   - data: its cells.
  ///   - batchSize: cells of a batch.
  /// - Returns: nil without classes, or where the validation set is too small to say anything.
  /// - Throws: what reading crops and computing throw.
  public init?(
    _ model: CytoselfModel, device: Device, data: TrainingData, batchSize: Int
  ) throws {
    guard let book = data.book else { return nil }
    let training = Self.spread(data.split.train, book)
    let heldOut = Self.spread(data.split.validation, book)
    let rows = training + heldOut
    let labels = rows.map { Int(book.labels[$0]) }
    let known = Set(labels.prefix(training.count))
    let shared = Set(labels.suffix(heldOut.count)).intersection(known)
    guard training.count >= 10, heldOut.count >= 10, shared.count >= 2 else {
      return nil
    }
    let configuration = model.configuration
    let layer = configuration.defaultEmbeddingLayer
    let shape = data.set.cropShape
    let features = HandCraftedFeatures(channels: shape[0], height: shape[1], width: shape[2])
    let size = shape.reduce(1, *)
    var learned: [Float] = []
    var measured: [Float] = []
    let stream = BatchLoader(data.set, rows: rows, options: .init(batchSize: batchSize))
      .batches(epoch: 0)
    defer { stream.cancel() }
    while let batch = try stream.next() {
      let values = try model.embed(Tensor.copy(of: batch).to(device), layers: [layer])
      learned += try values[0].floats()
      let pixels = batch.images.floats
      measured += features.ofEach(
        (0..<batch.count).map { Array(pixels[$0 * size..<($0 + 1) * size]) })
    }
    func matrix(_ values: [Float]) -> Matrix {
      Matrix(rows: rows.count, columns: values.count / rows.count, values: values)
    }
    let names = labels.map { book.classes[$0] }
    let parts = rows.indices.map { $0 < training.count ? "train" : "val" }
    let probe = try HeldOutProbe(
      Self.reduced(matrix(learned)), column: book.column, labels: names,
      folds: HeldOutFolds(split: parts, labels: names, source: data.set.url.path), units: nil,
      baseline: matrix(measured), settings: .init(sampling: Self.sampling))
    let found = probe.identifications
    self.layer = configuration.name(of: layer)
    trainingCells = training.count
    validationCells = heldOut.count
    classes = shared.count
    chance = 1 / Double(known.count)
    handCraftedFeatures = features.count
    embedding = Accuracy(logistic: found[0], nearest: found[1])
    handCrafted = Accuracy(logistic: found[2], nearest: found[3])
  }

  /// Layers of many columns as principal components, as `cytoself score` takes them.
  private static func reduced(_ matrix: Matrix) -> Matrix {
    guard matrix.columns > mostColumns else { return matrix }
    return PrincipalComponents(matrix, count: min(components, matrix.rows - 1)).transform(matrix)
  }

  private static let mostColumns = 512
  private static let components = 200
  /// Accuracies alone are read, so that intervals need no more than they must have.
  private static let sampling = Sampling(resamples: 20, permutations: 19, seed: 0)

  /// Rows that have a class, at most ``mostCells``, evenly spread.
  private static func spread(_ all: [Int], _ book: LabelBook) -> [Int] {
    let rows = all.filter { book.labels[$0] >= 0 }
    guard rows.count > mostCells else { return rows }
    return (0..<mostCells).map { rows[$0 * rows.count / mostCells] }
  }
}

extension LearningCheck {
  /// Whether the embedding is better than hand-crafted features with both classifiers together.
  public var isBetter: Bool {
    embedding.nearest + embedding.logistic > handCrafted.nearest + handCrafted.logistic
  }

  /// What was found, in sentences for the user.
  ///
  /// - Parameter configuration: the settings of the run, since advice depends on what they are.
  public func text(for configuration: TrainingConfiguration) -> String {
    func percent(_ value: Double) -> String { "\(Int((100 * value).rounded())) %" }
    let found =
      "Validation set, \(validationCells.counted("cell")) of \(classes.counted("class", "classes")): '\(layer)' gives a balanced"
      + " accuracy of \(percent(embedding.nearest)) (5 nearest cells) and"
      + " \(percent(embedding.logistic)) (logistic regression); \(handCraftedFeatures) hand-crafted"
      + " features \(percent(handCrafted.nearest)) and \(percent(handCrafted.logistic)); chance"
      + " \(percent(chance))."
    guard !isBetter else { return found }
    var advice = ["more epochs (--epochs)", "cells of more fields"]
    if configuration.data.normalize != "crop" {
      advice.append("pixels measured by crop (--set data.normalize=crop)")
    }
    if configuration.model.head.input != .features {
      advice.append("the default preset")
    }
    return found
      + " The embedding is no better than hand-crafted features. What may help: "
      + advice.joined(separator: ", ") + "."
  }

  /// Replaces the file `url` with the numbers as JSON, all or nothing.
  ///
  /// - Throws: ``TrainingError/file(path:action:reason:)``.
  public func write(to url: URL) throws(TrainingError) {
    try Folder.write(JSON.encode(self), to: url)
  }
}
