import Numerics

extension CroppedDataset {
  /// What became of a field.
  public struct Outcome: Sendable, Equatable, Codable {
    /// The field.
    public let field: FieldSource
    /// Columns of the field; 0 when it could not be read.
    public internal(set) var width = 0
    /// Rows of the field.
    public internal(set) var height = 0
    /// Micrometres of the field's pixel, if known.
    public internal(set) var pixelSize: Double?
    /// Nuclei found.
    public internal(set) var nuclei = 0
    /// Crops written.
    public internal(set) var kept = 0
    /// Crops written of nuclei that have a flag.
    public internal(set) var keptFlagged = 0
    /// Nuclei with each flag.
    public internal(set) var flags: [CropFlag: Int] = [:]
    /// Nuclei left out for each reason.
    public internal(set) var dropped: [CropFlag: Int] = [:]
    /// The median sharpness of the nuclei; 0 without any.
    public internal(set) var focus: Float = 0
    /// How found nuclei agree with true ones, where they were compared.
    public internal(set) var scores: [MaskScore] = []
    /// What of it was left unread or could be meant otherwise, a clause each.
    public internal(set) var remarks: [String] = []
    /// What was wrong with it, or nil.
    public internal(set) var problem: String?

    /// A number that only fields of the same picture share.
    var fingerprint: UInt64 = 0

    init(field: FieldSource) { self.field = field }

    mutating func count(_ cells: [CellMeasurement], _ cropper: FieldCropper) {
      nuclei = cells.count
      focus = Median.of(cells.map(\.focus))
      for cell in cells {
        for flag in cell.flags { flags[flag, default: 0] += 1 }
        if let reason = cropper.reason(against: cell) {
          dropped[reason, default: 0] += 1
        } else {
          kept += 1
          if !cell.flags.isEmpty { keptFlagged += 1 }
        }
      }
    }
  }
}
