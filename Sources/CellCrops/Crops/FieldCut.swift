import Foundation
import ImageFiles
import Numerics
import Raster

/// A field that was read, its nuclei found and measured, and its crops cut.
struct FieldCut: Sendable {
  /// Crops of one field that are kept in memory, in bytes; beyond it they are cut when written.
  private static let mostBytes = 1 << 28

  /// What became of the field.
  private(set) var outcome: CroppedDataset.Outcome
  /// Why it could not be used, or its picture not be written.
  private(set) var failure: ImageError?

  private var planes: FieldPlanes?
  private var cells: [CellMeasurement] = []
  private var crops: [CellCrop] = []
  private let cropper: FieldCropper
  private var ranges: [ClosedRange<Double>]?

  /// Cuts a field.
  ///
  /// - Parameters:
  ///   - field: the field.
  ///   - settings: how it is cut.
  ///   - ranges: grey values that become 0 and 1, where a plate decides them.
  ///   - overlay: the picture of the field to write; nil for none.
  init(
    _ field: FieldSource, _ settings: CroppedDataset.Settings, ranges: [ClosedRange<Double>]?,
    overlay: URL?
  ) {
    outcome = CroppedDataset.Outcome(field: field)
    cropper = FieldCropper(settings.crops)
    self.ranges = ranges
    do throws(ImageError) {
      try cut(field, settings, overlay: overlay)
    } catch {
      failure = error
      outcome.problem = error.description
    }
  }

  private mutating func cut(
    _ field: FieldSource, _ settings: CroppedDataset.Settings, overlay: URL?
  ) throws(ImageError) {
    let reader = FieldReader(settings: settings)
    let channels = try reader.read(field)
    let (protein, nucleus) = (channels.images[0], channels.images[1])
    var remarks = channels.remarks
    if nucleus.pixels.allSatisfy({ $0 == nucleus.pixels[0] }) {
      remarks.append("the channel of the nuclei is the same everywhere")
    }
    func mask(in folder: URL) throws(ImageError) -> LabelMask {
      let file = try LabelMaskFile.read(
        field, in: folder, width: channels.original.width, height: channels.original.height)
      remarks += file.remarks
      return file.mask.resized(width: nucleus.width, height: nucleus.height)
    }
    let labels: LabelMask
    if let masks = settings.masks {
      labels = try mask(in: masks)
    } else {
      labels = NucleusFinder(try reader.nuclei(channels, of: field)).find(in: nucleus)
    }
    if let folder = settings.referenceMasks {
      outcome.scores = MaskScore.scores(found: labels, truth: try mask(in: folder))
    }
    outcome.remarks = remarks
    let planes = FieldPlanes(
      protein: protein, nucleus: nucleus, extras: Array(channels.images.dropFirst(2)),
      labels: labels, scale: channels.scale)
    outcome.fingerprint = planes.fingerprint
    outcome.pixelSize = channels.pixelSize.map { $0 / Double(channels.scale) }
    (outcome.width, outcome.height) = (channels.original.width, channels.original.height)
    let found = cropper.measure(planes)
    outcome.count(found, cropper)
    if let overlay {
      try FieldOverlay(planes, found, cropper, title: field.stem).write(to: overlay)
    }
    cells = found.filter { cropper.keeps($0) }
    let side = settings.crops.size
    if cells.count * side * side * (4 + settings.extras.count) * 4 <= Self.mostBytes {
      cropper.crops(of: cells, in: planes, ranges: ranges) { crops.append($0) }
    } else {
      self.planes = planes
    }
  }

  /// Hands over the crops, one after the other.
  func forEachCrop(_ body: (CellCrop) throws -> Void) rethrows {
    for crop in crops { try body(crop) }
    if let planes { try cropper.crops(of: cells, in: planes, ranges: ranges, body) }
  }

  /// Leaves out the crops: the field is not to be used.
  mutating func refuse(_ problem: String) {
    outcome.problem = problem
    (outcome.nuclei, outcome.kept, outcome.keptFlagged) = (0, 0, 0)
    (outcome.flags, outcome.dropped) = ([:], [:])
    (crops, planes) = ([], nil)
  }
}
