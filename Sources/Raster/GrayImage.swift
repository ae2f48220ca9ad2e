/// One plane of an image: grey values `[height, width]`, row by row from the top.
///
/// Single precision holds differences of grey values well, but not on top of a large offset: 16,777,217
/// is lost in it. So values are counted from `origin`, which is 0 unless the offset is that large.
public struct GrayImage: Sendable, Equatable {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// The values as the file has them, less `origin`; for integers whole numbers.
  public var pixels: [Float]
  /// The largest value the file's kind of number can hold, less `origin`; nil for floating-point numbers.
  public let ceiling: Float?
  /// The smallest value the file's kind of number can hold, less `origin`; 0 for floating-point numbers.
  public let floor: Float
  /// The value of the file that 0 stands for.
  public let origin: Double

  /// An image from its values.
  public init(
    width: Int, height: Int, pixels: [Float], ceiling: Float? = nil, floor: Float = 0,
    origin: Double = 0
  ) {
    precondition(
      width > 0 && height > 0 && pixels.count == width * height,
      "An image has width x height pixels, one at least.")
    self.width = width
    self.height = height
    self.pixels = pixels
    self.ceiling = ceiling
    self.floor = floor
    self.origin = origin
  }

  /// The value at a column and a row, as single precision rounds it.
  public subscript(column: Int, row: Int) -> Float {
    Float(Double(pixels[row * width + column]) + origin)
  }

  /// The image with its values counted from another value of the file.
  package func counted(from newOrigin: Double) -> GrayImage {
    guard newOrigin != origin else { return self }
    let shift = origin - newOrigin
    func moved(_ value: Float) -> Float { Float(Double(value) + shift) }
    return GrayImage(
      width: width, height: height, pixels: pixels.map(moved), ceiling: ceiling.map(moved),
      floor: moved(floor), origin: newOrigin)
  }
}
