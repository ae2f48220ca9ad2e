/// One plane of an image: grey values `[height, width]`, row by row from the top.
public struct GrayImage: Sendable, Equatable {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// The values as the file has them, for integers the whole numbers.
  public var pixels: [Float]
  /// The largest value the file's kind of number can hold; nil for floating-point numbers.
  public let ceiling: Float?

  /// An image from its values.
  public init(width: Int, height: Int, pixels: [Float], ceiling: Float? = nil) {
    precondition(
      width > 0 && height > 0 && pixels.count == width * height,
      "An image has width x height pixels, one at least.")
    self.width = width
    self.height = height
    self.pixels = pixels
    self.ceiling = ceiling
  }

  /// The value at a column and a row.
  public subscript(column: Int, row: Int) -> Float { pixels[row * width + column] }
}
