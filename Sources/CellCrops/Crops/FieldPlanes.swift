import ArrayFiles
import Foundation
import Numerics
public import Raster

/// The planes of a field and its nuclei, all of one size, ready to be cut.
public struct FieldPlanes: Sendable {
  /// The tagged protein.
  public var protein: GrayImage
  /// The nuclear stain.
  public var nucleus: GrayImage
  /// Further channels, in the order of the settings.
  public var extras: [GrayImage]
  /// The nuclei.
  public var labels: LabelMask
  /// Pixels of the file along one pixel here; 1 unless the field was resampled.
  public var scale: Float

  /// The planes of a field; they must be of one size.
  public init(
    protein: GrayImage, nucleus: GrayImage, extras: [GrayImage] = [], labels: LabelMask,
    scale: Float = 1
  ) {
    precondition(
      ([nucleus] + extras).allSatisfy { $0.width == protein.width && $0.height == protein.height }
        && labels.width == protein.width && labels.height == protein.height,
      "Channels and mask of a field must be of one size.")
    self.protein = protein
    self.nucleus = nucleus
    self.extras = extras
    self.labels = labels
    self.scale = scale
  }

  /// Columns.
  public var width: Int { labels.width }
  /// Rows.
  public var height: Int { labels.height }

  /// The grey channels in the order of a crop's ranges: protein, nucleus, further ones.
  var channels: [GrayImage] { [protein, nucleus] + extras }

  /// A number that two fields share only if their pictures are the same.
  var fingerprint: UInt64 {
    var hash = FNV1a()
    for image in [protein, nucleus] {
      hash.combine(image.width)
      hash.combine(image.pixels)
      if image.origin != 0 { hash.combine(Int(truncatingIfNeeded: image.origin.bitPattern)) }
    }
    return hash.value
  }
}
