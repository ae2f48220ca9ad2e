/// How a data set lies in its folder.
public enum DatasetLayout: String, Sendable, CaseIterable {
  /// `Image_dataNN.npy` `[cell, height, width, 4]` with `Label_dataNN.csv` beside each.
  case released
  /// Per protein `NAME_pro.npy`, `_nuc.npy` and `_nucdist.npy` `[cell, height, width]`, and
  /// `NAME_label.npy`, text `[cell, column]`.
  case sample
}
