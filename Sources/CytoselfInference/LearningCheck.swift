import ArrayFiles
import CellData
public import CytoselfAnalysis
public import CytoselfModel
public import CytoselfTraining
public import Foundation
public import Torch

/// Whether a model has learnt more than anyone could measure without it.
///
/// The embedding that the model writes by default, and hand-crafted features of the same crops, each
/// give two classifiers fitted to training cells; the accuracies are those on the validation set, whose
/// fields the model was not trained on. Test cells are not looked at.
public struct LearningCheck: Codable, Equatable, Sendable {
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
  public let embedding: HeldOutAccuracy
  /// The accuracies with hand-crafted features.
  public let handCrafted: HeldOutAccuracy

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
    guard let book = data.book, data.set.cropShape.count == 3 else { return nil }
    let training = Self.spread(data.split.train)
    let heldOut = Self.spread(data.split.validation)
    let rows = training + heldOut
    let labels = rows.map { Int(book.labels[$0]) }
    let known = Set(labels.prefix(training.count))
    let found = Set(labels.suffix(heldOut.count)).intersection(known)
    guard training.count >= 10, heldOut.count >= 10, found.count >= 2, known.count >= 2 else {
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
    func accuracy(_ values: [Float], standardizes: Bool) throws(AnalysisError) -> HeldOutAccuracy {
      try HeldOutAccuracy(
        Matrix(rows: rows.count, columns: values.count / rows.count, values: values),
        labels: labels, training: Array(training.indices),
        heldOut: Array(training.count..<rows.count), standardizes: standardizes)
    }
    self.layer = configuration.name(of: layer)
    trainingCells = training.count
    validationCells = heldOut.count
    classes = found.count
    chance = 1 / Double(known.count)
    handCraftedFeatures = features.count
    embedding = try accuracy(learned, standardizes: false)
    handCrafted = try accuracy(measured, standardizes: true)
  }

  /// At most ``mostCells``, evenly spread.
  private static func spread(_ rows: [Int]) -> [Int] {
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
  public var text: String {
    func percent(_ value: Double) -> String { "\(Int((100 * value).rounded())) %" }
    let found =
      "Validation set, \(validationCells) cells of \(classes) classes: '\(layer)' gives a balanced"
      + " accuracy of \(percent(embedding.nearest)) (5 nearest cells) and"
      + " \(percent(embedding.logistic)) (logistic regression); \(handCraftedFeatures) hand-crafted"
      + " features \(percent(handCrafted.nearest)) and \(percent(handCrafted.logistic)); chance"
      + " \(percent(chance))."
    guard !isBetter else { return found }
    return found
      + " The embedding is no better than hand-crafted features: train longer (--epochs), on cells of"
      + " more fields, or with other pixels (--set data.normalize=crop)."
  }

  /// Replaces the file `url` with the numbers as JSON, all or nothing.
  ///
  /// - Throws: ``TrainingError/file(path:action:reason:)``.
  public func write(to url: URL) throws(TrainingError) {
    try Folder.write(JSON.encode(self), to: url)
  }
}
