/// How the files of a data set are laid out.
public enum DataLayout: String, Sendable, Codable, CaseIterable {
  /// `<name>_pro.npy`, `<name>_nuc.npy` and so on, with `<name>_label.npy`.
  case sample
  /// `Image_dataNN.npy` with `Label_dataNN.csv`.
  case released
  /// One npy array, with or without a table beside it.
  case array

  /// The columns of the labels that this program writes: upstream's own, then the id of the cell.
  public static let labelColumns = [
    "ensg", "name", "loc_grade1", "loc_grade2", "loc_grade3", "protein_id", "FOV_id", "cell",
  ]
}
