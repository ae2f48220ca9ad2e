/// How zeros are put around an image before a convolution.
public enum Padding: String, Sendable, Codable {
  /// `kernel / 2` on each side, as PyTorch's layers here.
  case symmetric
  /// What makes the output `ceil(size / stride)`, the odd zero at the end, as TensorFlow's `SAME`.
  case same
  /// `kernel / 2` on top and on the left, one fewer below and on the right: at stride 1 the output
  /// is one smaller.
  case leading
}
