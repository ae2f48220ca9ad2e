import Numerics
import Raster

/// The noise of a picture, and whether it explains what is seen in a part of it.
struct PixelNoise {
  /// The variance of a pixel.
  private let variance: Double

  /// Estimates noise from the differences of neighbours, of which light makes few large.
  init(_ image: GrayImage) {
    let step = max(1, image.height / 256)
    var differences: [Float] = []
    differences.reserveCapacity(image.pixels.count / step)
    for row in stride(from: 0, to: image.height, by: step) {
      for column in stride(from: 1, to: image.width, by: 2) {
        let index = row * image.width + column
        differences.append(abs(image.pixels[index] - image.pixels[index - 1]))
      }
    }
    // The median of a normal distribution's absolute values is 0.6745 standard deviations.
    let deviation = Double(Median.of(differences)) / (0.6745 * 2.0.squareRoot())
    variance = deviation * deviation
  }

  /// Whether the means of 4 x 4 pixels vary less than twice as much as noise alone lets them.
  func explains(_ image: GrayImage, left: Int, top: Int, size: Int) -> Bool {
    var (sum, squares, count): (Double, Double, Double) = (0, 0, 0)
    // Counted from any pixel, the sums do not depend on an offset of the file.
    let base = Double(image.pixels[0])
    let (right, bottom) = (min(image.width, left + size), min(image.height, top + size))
    for row in stride(from: max(0, top), to: bottom - 3, by: 4) {
      for column in stride(from: max(0, left), to: right - 3, by: 4) {
        var block = 0.0
        for y in row..<row + 4 {
          for x in column..<column + 4 { block += Double(image.pixels[y * image.width + x]) - base }
        }
        let mean = block / 16
        sum += mean
        squares += mean * mean
        count += 1
      }
    }
    guard count > 1 else { return false }
    let spread = max(0, squares / count - (sum / count) * (sum / count))
    // Twice as much in deviations is four times in variances.
    return spread <= 4 * variance / 16
  }
}
