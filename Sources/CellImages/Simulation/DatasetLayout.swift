/// How a data set lies in its folder.
public enum DatasetLayout: String, Sendable, CaseIterable {
  /// `Image_dataNN.npy` `[cell, height, width, 4]` with `Label_dataNN.csv` beside each.
  case released
  /// Per protein `NAME_pro.npy`, `_nuc.npy` and `_nucdist.npy` `[cell, height, width]`, and
  /// `NAME_label.npy`, text `[cell, column]`.
  case sample

  /// The columns of the labels: upstream's own, then the id of the cell.
  public static let labelColumns = [
    "ensg", "name", "loc_grade1", "loc_grade2", "loc_grade3", "protein_id", "FOV_id", "cell",
  ]
}
