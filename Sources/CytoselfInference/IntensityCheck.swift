public import CytoselfTraining
public import CellData
import Foundation
import Numerics

/// Whether the pixels that a model is given resemble those it was trained on.
///
/// A file of this program knows the variance of its training pixels. Of any other file the range is
/// known by where it comes from: upstream's models take protein and nucleus scaled to 0...1, and the
/// distance from the nucleus in pixels times 0.01.
public struct IntensityCheck: Sendable {
  /// One sentence for each channel that is far off, with what to do.
  public let warnings: [String]

  /// Crops that are looked at, at most; more are sampled evenly.
  public static let sample = 256

  /// A brighter channel is not scaled to 0...1.
  static let brightest: Float = 1.5
  /// A channel that nowhere reaches this is not scaled to 0...1 either.
  static let darkest: Float = 0.05
  /// A channel of light does not go below this.
  static let lowest: Float = -0.05
  /// How many times larger or smaller than in training the variance may be.
  static let varianceFactor = 25.0

  /// Looks at the channels that are read, in a bounded sample of crops.
  ///
  /// - Throws: `CellDataError` when crops cannot be read.
  public init(_ data: CellDataSet, for description: ModelDescription) throws(CellDataError) {
    let statistics = try IntensityStatistics(
      data, rows: Array(0..<data.count), sampleLimit: Self.sample)
    if let trained = description.variance {
      warnings = Self.warning(variance: statistics.variance, trained: trained).map { [$0] } ?? []
    } else {
      warnings = statistics.channels.enumerated().compactMap {
        Self.warning($0.element, isFirst: $0.offset == 0)
      }
    }
  }

  static func warning(variance: Double, trained: Double) -> String? {
    let ratio = variance / trained
    guard ratio > varianceFactor || ratio < 1 / varianceFactor else { return nil }
    return
      "the variance of the pixels is \(variance.shortText) and was \(trained.shortText) in training;"
      + " bring the crops to the same scale with --intensity CHANNEL=FACTOR or --integer-scale, or"
      + " expect embeddings that mean little."
  }

  /// The first channel is the protein, and light; others without a name may be anything.
  static func warning(_ channel: IntensityStatistics.OfChannel, isFirst: Bool) -> String? {
    let range = "\(channel.minimum.shortText) to \(channel.maximum.shortText)"
    if channel.name == "nucdist" {
      let largest = max(channel.maximum, -channel.minimum)
      guard largest > brightest else { return nil }
      return "pixels of nucdist are \(range), as distances in pixels are; published models expect"
        + " them times 0.01: give --intensity nucdist=0.01."
    }
    let expected = "published models expect 0 to 1"
    if channel.maximum > brightest {
      return "pixels of \(channel.name) are \(range), and \(expected): scale every crop to its own"
        + " range, or give --intensity \(channel.name)=\((1 / Double(channel.maximum)).shortText)"
        + " (0.01 if it is the distance from the nucleus in pixels)."
    }
    if channel.minimum < lowest, isFirst || ["pro", "nuc"].contains(channel.name) {
      return "pixels of \(channel.name) are \(range), and \(expected): subtract the background and"
        + " scale every crop to its own range."
    }
    if channel.maximum < darkest {
      let factor = channel.maximum > 0 ? (1 / Double(channel.maximum)).shortText : "FACTOR"
      return "pixels of \(channel.name) are \(range), and \(expected): scale every crop to its own"
        + " range, or give --intensity \(channel.name)=\(factor)."
    }
    return nil
  }
}
