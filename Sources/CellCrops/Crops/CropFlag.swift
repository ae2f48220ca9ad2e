/// What quality control says about a cell.
public enum CropFlag: String, Sendable, Codable, CaseIterable, Hashable {
  /// The crop reaches beyond the field.
  case edge
  /// The nucleus touches the edge of the field.
  case cut
  /// More than 1 % of the protein's pixels have the largest value there is.
  case saturated
  /// Out of focus: the nucleus is less than half as sharp as the median of the field.
  case blurred
  /// The nucleus is less than half as bright as the median of the field.
  case dim
  /// Too small for a nucleus: less than 40 % of the median area.
  case debris
  /// The nucleus is bright and no larger than most, as in mitosis: 1.5 times the median brightness of
  /// the field, and less than its median area.
  case mitotic
  /// The protein shows nothing but noise.
  case empty
  /// More than half of the crop is also in that of an earlier cell.
  case overlap
}
