import ArrayFiles
import Foundation
import ImageFiles
import Raster

/// The labels of a mask, once it is clear that its numbers tell one nucleus from another.
struct MaskLabels {
  /// Pieces below this are specks, which say nothing about a mask.
  private static let smallestPiece = 10

  /// The nuclei.
  let mask: LabelMask
  /// What a person should know about them.
  private(set) var remarks: [String] = []

  /// Looks at the numbers of a mask.
  ///
  /// - Parameters:
  ///   - stored: the mask as it is in the file.
  ///   - url: the file.
  /// - Throws: ``ImageError`` of kind `badData` when the background has a label, or labels are classes.
  init(_ stored: LabelMask, of url: URL) throws(ImageError) {
    let found = MaskPieces(stored)
    let pieces = found.pieces
    let background = pieces.first {
      $0.area > stored.labels.count / 2 && $0.area < stored.labels.count && $0.edges.left
        && $0.edges.right && $0.edges.top && $0.edges.bottom
    }
    if let background {
      throw ImageError(
        .badData, url,
        "label \(background.label) surrounds everything else, as a background does, and background must "
          + "be 0",
        advice: pieces.allSatisfy { $0.label == background.label }
          ? "If the mask is inverted, save it with nuclei above 0"
          : "Save it with 0 in place of \(background.label)")
    }
    var largest: [Int32: Int] = [:]
    for piece in pieces { largest[piece.label] = max(largest[piece.label] ?? 0, piece.area) }
    var parts: [Int32: Int] = [:]
    for piece in pieces {
      let least = max(Self.smallestPiece, (largest[piece.label] ?? 0) / 4)
      if piece.area >= least { parts[piece.label, default: 0] += 1 }
    }
    let several = parts.values.count { $0 > 1 }
    if largest.count == 1, let label = largest.keys.first {
      let isClass = [1, 255, 65_535].contains(label)
      guard pieces.count > 1, isClass || several == 1 else {
        mask = stored
        return
      }
      mask = found.mask
      remarks = [
        "the mask tells nuclei from background only, so each connected piece of it is taken for a "
          + "nucleus, and nuclei that touch are one"
      ]
      return
    }
    guard several * 2 <= parts.count else {
      throw ImageError(
        .badData, url,
        "\(several) of \(parts.count) labels are each in several places, as classes of pixels are, and "
          + "not nuclei",
        advice: "Give each nucleus a number of its own, as skimage.measure.label does")
    }
    mask = stored
    if pieces.isEmpty { remarks = ["the mask is empty"] }
  }
}
