/// Numbers that describe a crop without anything learnt: the baseline that an embedding has to beat.
///
/// 47 with a second channel, 43 without: intensity statistics, histograms of local binary patterns
/// (Ojala, Pietikäinen and Mäenpää, 2002) at three radii, the energy between five Gaussian scales,
/// and how the first channel relates to the second (usually the nucleus). Pixels are brought to 0...1
/// between their 1st and 99.8th percentile, so that the brightness of a field says nothing.
public struct HandCraftedFeatures: Sendable {
  /// Channels of a crop; the first two are read.
  public let channels: Int
  /// Rows of a crop.
  public let height: Int
  /// Columns of a crop.
  public let width: Int

  private static let patternRadii = [1, 2, 4]
  private static let scales = [1.0, 2, 4, 8, 16]
  private static let percentiles = [5.0, 25, 50, 75, 90, 97]
  private static let guardValue = 1e-6

  /// Features of crops of `[channel, height, width]`.
  public init(channels: Int, height: Int, width: Int) {
    precondition(
      channels > 0 && height > 0 && width > 0, "A crop has a channel and a pixel at least.")
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// The number of features of a crop: 43, or 47 where there is a second channel.
  public var count: Int { channels > 1 ? 47 : 43 }

  /// The features of one crop.
  ///
  /// - Parameter crop: `[channel, height, width]` in C order, in any unit.
  /// - Returns: ``count`` finite numbers.
  public func callAsFunction(_ crop: [Float]) -> [Float] {
    precondition(
      crop.count == channels * height * width,
      "A crop of \(channels) x \(height) x \(width) pixels was given \(crop.count).")
    let area = height * width
    let protein = Self.stretched(crop[..<area])
    let mean = Self.mean(protein)
    let variance = Self.variance(protein, mean: mean)
    let sorted = protein.sorted()
    var features = Self.percentiles.map { Self.percentile($0, ofSorted: sorted) }
    features += [mean, variance.squareRoot()]
    let pattern = LocalBinaryPattern(height: height, width: width)
    // Whole grey levels, as the reference implementation takes them.
    let levels = protein.map { ($0 * 255).rounded(.down) }
    for radius in Self.patternRadii { features += pattern.histogram(levels, radius: radius) }
    features += scaleEnergies(protein, variance: variance)
    if channels > 1 { features += relation(protein, to: Self.stretched(crop[area..<2 * area])) }
    return features.map { $0.isFinite ? Float($0) : 0 }
  }

  /// The mean square of what each Gaussian takes away from the one before, over the variance.
  private func scaleEnergies(_ image: [Double], variance: Double) -> [Double] {
    let smoothing = GaussianSmoothing(height: height, width: width)
    var before = image
    return Self.scales.map { sigma in
      let smooth = smoothing(image, sigma: sigma)
      var sum = 0.0
      for (a, b) in zip(before, smooth) { sum += (a - b) * (a - b) }
      before = smooth
      return sum / Double(image.count) / (variance + Self.guardValue)
    }
  }

  /// Correlation with the second channel, and the mean inside it, outside, and in a rim of 3 pixels.
  private func relation(_ image: [Double], to nucleus: [Double]) -> [Double] {
    let (meanA, meanB) = (Self.mean(image), Self.mean(nucleus))
    let spread =
      (Self.variance(image, mean: meanA) * Self.variance(nucleus, mean: meanB)).squareRoot()
    var product = 0.0
    for (a, b) in zip(image, nucleus) { product += (a - meanA) * (b - meanB) }
    let correlation = spread > 0 ? product / Double(image.count) / spread : 0
    let inside = nucleus.map { $0 > 0.5 }
    var near = inside
    for _ in 0..<3 { near = dilated(near) }
    func mean(where isCounted: (Int) -> Bool) -> Double? {
      var (sum, count) = (0.0, 0)
      for index in image.indices where isCounted(index) {
        sum += image[index]
        count += 1
      }
      return count > 0 ? sum / Double(count) : nil
    }
    return [
      correlation, mean { inside[$0] } ?? 0, mean { !inside[$0] } ?? 0,
      mean { near[$0] && !inside[$0] } ?? 0,
    ]
  }

  /// A mask and its four neighbours.
  private func dilated(_ mask: [Bool]) -> [Bool] {
    var result = mask
    for row in 0..<height {
      for column in 0..<width where mask[row * width + column] {
        if row > 0 { result[(row - 1) * width + column] = true }
        if row + 1 < height { result[(row + 1) * width + column] = true }
        if column > 0 { result[row * width + column - 1] = true }
        if column + 1 < width { result[row * width + column + 1] = true }
      }
    }
    return result
  }

  /// Pixels brought to 0...1 between the 1st and the 99.8th percentile.
  private static func stretched(_ pixels: ArraySlice<Float>) -> [Double] {
    let sorted = pixels.sorted().map(Double.init)
    let low = percentile(1, ofSorted: sorted)
    let range = percentile(99.8, ofSorted: sorted) - low + guardValue
    return pixels.map { min(max((Double($0) - low) / range, 0), 1) }
  }

  /// A percentile, linear between the two nearest ranks.
  private static func percentile(_ percent: Double, ofSorted values: [Double]) -> Double {
    let place = percent / 100 * Double(values.count - 1)
    let below = Int(place)
    guard below + 1 < values.count else { return values[values.count - 1] }
    return values[below] + (place - Double(below)) * (values[below + 1] - values[below])
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  private static func variance(_ values: [Double], mean: Double) -> Double {
    values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
  }
}

extension HandCraftedFeatures {
  /// The features of several crops, one after another, `[crops, count]` in C order.
  ///
  /// - Parameters:
  ///   - crops: each `[channel, height, width]`.
  ///   - workers: the threads.
  public func ofEach(_ crops: [[Float]], workers: Workers = Workers()) -> [Float] {
    var values = [Float](repeating: 0, count: crops.count * count)
    values.withUnsafeMutableBufferPointer { values in
      let target = UncheckedBuffer(values)
      workers.forEach(crops.count) { index, _ in
        for (place, value) in self(crops[index]).enumerated() {
          target.values[index * count + place] = value
        }
      }
    }
    return values
  }

  /// Memory that every task writes to a place of its own in.
  private struct UncheckedBuffer: @unchecked Sendable {
    let values: UnsafeMutableBufferPointer<Float>
    init(_ values: UnsafeMutableBufferPointer<Float>) { self.values = values }
  }
}
