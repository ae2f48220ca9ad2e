public import Foundation
public import ImageFiles

extension CroppedDataset {
  /// How a data set is made from fields.
  ///
  /// They are written into the data set's manifest, but for the folders of masks and the threads.
  public struct Settings: Sendable, Equatable, Codable {
    /// The channel of the tagged protein, by name or number from 0.
    public var protein = "0"
    /// The channel of the nuclear stain, by name or number from 0.
    public var nucleus = "1"
    /// Further channels that crops get after the nuclear mask, by name or number from 0.
    public var extras: [String] = []
    /// What pages are in files that do not tell.
    public var pages = ImageStack.Pages.automatic
    /// The time point, from 0.
    public var time = 0
    /// How slices become one plane.
    public var projection = ImageStack.Projection.maximum
    /// Micrometres of a field's pixel; nil for what the files tell.
    public var fieldPixelSize: Double?
    /// Whether nuclei were given as label masks.
    public internal(set) var usesMasks = false
    /// The folder of label masks, `STEM.tif`, `.png` or `.npy` for each field; nil to find nuclei.
    public var masks: URL? {
      didSet { usesMasks = masks != nil }
    }
    /// The folder of true masks that found nuclei are compared with; nil to compare with none.
    public var referenceMasks: URL?
    /// How nuclei are found.
    public var nuclei = NucleusSettings()
    /// How crops are cut.
    public var crops = CropSettings()
    /// Most crops in one file, 1 or more.
    public var shardSize = 10_000
    /// Whether a picture of each field shows what was found and why it was dropped.
    public var drawsOverlays = true
    /// Threads, 1 or more.
    public var threads = ProcessInfo.processInfo.activeProcessorCount

    private enum CodingKeys: CodingKey {
      case protein, nucleus, extras, pages, time, projection, fieldPixelSize, usesMasks, nuclei
      case crops, shardSize, drawsOverlays
    }

    /// The settings that suit fields of two channels, protein and nucleus.
    public init() {}
  }
}

extension CroppedDataset.Settings {
  /// The settings that a data set was cut with, so that others can be cut the same way.
  ///
  /// - Parameter dataset: the folder of the data set.
  /// - Throws: ``ImageError`` when it has no manifest, or not one of crops.
  public init(of dataset: URL) throws(ImageError) {
    self = try CropManifest(of: dataset).settings
  }
}
