import ArrayFiles
import Foundation
import Raster

/// One sample of every pixel of a page, in the kind of number that the file has.
///
/// This is where numbers of files become grey values or labels, whatever the format.
struct PixelSamples {
  /// The largest whole number below which double precision has all.
  static let largestWhole = 9_007_199_254_740_992.0

  /// The samples of all pixels, in the machine's byte order.
  let bytes: UnsafeRawBufferPointer
  /// What they are.
  let kind: ElementType
  /// Columns.
  let width: Int
  /// Rows.
  let height: Int
  /// Samples of each pixel.
  let samples: Int
  /// The one that is meant, from 0.
  let sample: Int
  /// Bits that are used, if fewer than the kind has.
  var bits: Int?
  /// Whether whole numbers are brighter the smaller they are.
  var isInverted = false

  private var count: Int { width * height }

  /// The smallest and the largest whole number that there can be; nil for floating-point numbers.
  private var limits: ClosedRange<Double>? {
    switch kind {
    case .bool: 0...1
    case .uint8, .uint16, .uint32, .uint64: 0...(exp2(Double(bits ?? 8 * kind.byteCount)) - 1)
    case .int8, .int16, .int32, .int64:
      -exp2(Double(8 * kind.byteCount - 1))...(exp2(Double(8 * kind.byteCount - 1)) - 1)
    case .float16, .bfloat16, .float32, .float64: nil
    }
  }

  /// The value of a pixel.
  subscript(index: Int) -> Double { values(index..<index + 1) { $0 }[0] }

  /// All values, each made something else.
  func map<Result: BitwiseCopyable>(_ convert: (Double) -> Result) -> [Result] {
    values(0..<count, convert)
  }

  /// The grey values.
  /// - Throws: ``ImageError`` of kind `badData` when one is no number, or too large for precision.
  func image(of url: URL, page: Int?) throws(ImageError) -> GrayImage {
    if kind == .int64 || kind == .uint64 {
      let magnitudes = map { abs($0) }
      if let place = magnitudes.firstIndex(where: { $0 > Self.largestWhole }) {
        throw ImageError(
          .badData, url, page: page,
          "the pixel \(position(place)) is beyond 2^53, where numbers of 64 bits are not told apart",
          advice: "Subtract what all pixels have in common, and save it with 32 bits")
      }
    }
    let origin = origin()
    let limits = limits
    let mirror = isInverted ? limits.map { $0.lowerBound + $0.upperBound } : nil
    let pixels =
      if let mirror { map { Float(mirror - $0 - origin) } } else { map { Float($0 - origin) } }
    if limits == nil, let bad = pixels.firstIndex(where: { !$0.isFinite }) {
      let problem =
        self[bad].isFinite
        ? "is \(self[bad]), beyond what single precision holds"
        : self[bad].isNaN ? "is not a number" : "is infinite"
      throw ImageError(
        .badData, url, page: page, "the pixel \(position(bad)) \(problem)",
        advice: "Replace it, or leave the file out")
    }
    return GrayImage(
      width: width, height: height, pixels: pixels,
      ceiling: limits.map { Float($0.upperBound - origin) },
      floor: limits.map { Float($0.lowerBound - origin) } ?? 0, origin: origin)
  }

  /// The values as labels of objects.
  /// - Throws: ``ImageError`` of kind `badData` when one is a fraction, below 0 or beyond 31 bits.
  func labels(of url: URL, page: Int?) throws(ImageError) -> [Int32] {
    let labels = map { $0 >= 0 && $0 == $0.rounded() ? Int32(exactly: $0) ?? -1 : -1 }
    guard let bad = labels.firstIndex(where: { $0 < 0 }) else { return labels }
    let value = self[bad]
    let advice =
      value < 0
      ? "Set what is no nucleus to 0"
      : value.isFinite && value < 1 && kind.isFloatingPoint
        ? "If these are probabilities, give each nucleus a number of its own first"
        : "Number the nuclei from 1, and save it as 8, 16 or 32 bit integers"
    throw ImageError(
      .badData, url, page: page,
      "labels of a mask are whole numbers from 0 to 2,147,483,647, and the pixel \(position(bad)) is "
        + "\(value)", advice: advice)
  }

  private func position(_ index: Int) -> String {
    "at column \(index % width), row \(index / width)"
  }

  /// What values are counted from: 0, unless they differ so little from each other, compared with what
  /// they have in common, that single precision would lose it.
  private func origin() -> Double {
    guard kind.byteCount > 2 else { return 0 }
    let step = max(1, count / 4_096)
    var some = stride(from: 0, to: count, by: step).map { self[$0] }.filter(\.isFinite)
    guard !some.isEmpty else { return 0 }
    some.sort()
    let (middle, last) = (some[some.count / 2], Double(some.count - 1))
    // A few dead or hot pixels do not count.
    let inner = some[Int((last * 0.99).rounded(.up))] - some[Int(last * 0.01)]
    let spread = inner > 0 ? inner : (some.last ?? 0) - (some.first ?? 0)
    guard spread > 0 else { return Double(Float(middle)) == middle ? 0 : middle }
    let common = isInverted ? (limits.map { $0.lowerBound + $0.upperBound } ?? 0) - middle : middle
    return abs(common) > 64 * spread ? common : 0
  }

  private func values<Result: BitwiseCopyable>(
    _ range: Range<Int>, _ convert: (Double) -> Result
  ) -> [Result] {
    func each<Sample: BitwiseCopyable>(_ type: Sample.Type, _ number: (Sample) -> Double)
      -> [Result]
    {
      let size = MemoryLayout<Sample>.size
      return [Result](unsafeUninitializedCapacity: range.count) { results, filled in
        for (place, index) in range.enumerated() {
          let value = bytes.loadUnaligned(
            fromByteOffset: (index &* samples &+ sample) &* size, as: type)
          results.initializeElement(at: place, to: convert(number(value)))
        }
        filled = range.count
      }
    }
    return switch kind {
    case .bool: each(UInt8.self) { $0 == 0 ? 0 : 1 }
    case .uint8: each(UInt8.self) { Double($0) }
    case .int8: each(Int8.self) { Double($0) }
    case .uint16: each(UInt16.self) { Double($0) }
    case .int16: each(Int16.self) { Double($0) }
    case .uint32: each(UInt32.self) { Double($0) }
    case .int32: each(Int32.self) { Double($0) }
    case .uint64: each(UInt64.self) { Double($0) }
    case .int64: each(Int64.self) { Double($0) }
    case .float16: each(UInt16.self) { Double(HalfPrecision.float($0)) }
    case .bfloat16: each(UInt16.self) { Double(Float(bitPattern: UInt32($0) << 16)) }
    case .float32: each(Float.self) { Double($0) }
    case .float64: each(Double.self) { $0 }
    }
  }
}
