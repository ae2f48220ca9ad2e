import CellCrops

/// What was left unread of fields or could be meant otherwise, each said once: most fields of a folder
/// are alike.
struct CropRemarks {
  private var shown: Set<String> = []

  /// Prints the remarks on a field that no field before it had.
  mutating func show(_ outcome: CroppedDataset.Outcome) {
    for remark in outcome.remarks where shown.insert(remark).inserted {
      StandardError.print("note: \(outcome.field.stem): \(remark) (said once; see fields.csv)")
    }
  }
}
