import Foundation

/// Mean, variance and range of the pixels of some crops, over the channels that are read.
public struct IntensityStatistics: Sendable, Equatable {
  /// The same for one channel.
  public struct OfChannel: Sendable, Equatable, Codable {
    /// The channel's name.
    public let name: String
    /// The smallest pixel.
    public let minimum: Float
    /// The largest pixel.
    public let maximum: Float
    /// The mean of all pixels.
    public let mean: Double
    /// The variance of all pixels (population, as `np.var`).
    public let variance: Double
  }

  /// The variance of all pixels of all channels together (population, as `np.var`): what the
  /// reconstruction loss is divided by.
  public let variance: Double
  /// The mean of all pixels of all channels together.
  public let mean: Double
  /// Each channel by itself.
  public let channels: [OfChannel]
  /// How many crops were read.
  public let crops: Int
  /// Whether only a sample was read, every so-many-th crop.
  public let isSample: Bool

  /// Reads crops once and computes their statistics in double precision.
  ///
  /// The result is the same to the last bit for every number of threads: crops are combined in
  /// their order, by Chan's formula for joining means and sums of squares.
  ///
  /// - Parameters:
  ///   - data: the data set.
  ///   - rows: the rows to read, such as the training part of a split.
  ///   - channels: indices of channels; nil for those selected.
  ///   - sampleLimit: read at most so many crops, spread evenly over `rows`; nil for all.
  ///   - threads: threads to use.
  /// - Throws: `CellDataError` of the first row that cannot be read or has a NaN pixel.
  public init(
    _ data: CellDataSet, rows: [Int], channels: [Int]? = nil, sampleLimit: Int? = nil,
    threads: Int = 2
  ) throws(CellDataError) {
    var chosen = rows
    if let sampleLimit, sampleLimit > 0, rows.count > sampleLimit {
      chosen = (0..<sampleLimit).map { rows[$0 * rows.count / sampleLimit] }
    }
    let indices = channels ?? data.selectedChannels
    let moments = try Self.moments(data, chosen, indices, threads: threads)
    var all = Moments()
    self.channels = zip(indices, moments).map { index, moment in
      all.join(moment)
      return OfChannel(
        name: data.channels[index].name, minimum: moment.minimum, maximum: moment.maximum,
        mean: moment.mean, variance: moment.variance)
    }
    variance = all.variance
    mean = all.mean
    crops = chosen.count
    isSample = chosen.count < rows.count
  }

  private static let chunkSize = 64

  private static func moments(
    _ data: CellDataSet, _ rows: [Int], _ channels: [Int], threads: Int
  ) throws(CellDataError) -> [Moments] {
    let chunks = (rows.count + chunkSize - 1) / chunkSize
    let results = inParallel(chunks, threads: threads) {
      (CropReader(data, channels: channels), [Float](repeating: 0, count: 0))
    } body: { state, chunk in
      Result { () throws(CellDataError) in
        let reader = state.0
        if state.1.isEmpty { state.1 = [Float](repeating: 0, count: reader.cropSize) }
        var sums = [Moments](repeating: Moments(), count: channels.count)
        for row in rows[chunk * chunkSize..<min((chunk + 1) * chunkSize, rows.count)] {
          let outcome = state.1.withUnsafeMutableBufferPointer { crop in
            Result { () throws(CellDataError) in
              try reader.read(row, into: crop)
              let plane = crop.count / channels.count
              for channel in channels.indices {
                sums[channel].join(
                  Moments(
                    UnsafeBufferPointer(rebasing: crop[channel * plane..<(channel + 1) * plane])))
              }
            }
          }
          try outcome.get()
        }
        return sums
      }
    }
    var total = [Moments](repeating: Moments(), count: channels.count)
    for result in results {
      for (channel, moment) in try result.get().enumerated() { total[channel].join(moment) }
    }
    return total
  }
}

/// Count, mean, sum of squared distances from the mean, and range of some numbers.
struct Moments: Sendable {
  var count = 0.0
  var mean = 0.0
  var squares = 0.0
  var minimum = Float.infinity
  var maximum = -Float.infinity

  init() {}

  /// Of numbers in memory, in two passes.
  init(_ values: UnsafeBufferPointer<Float>) {
    // Eight sums side by side, so that the compiler may use vector instructions without changing
    // the order of additions.
    var sums = SIMD8<Double>()
    var low = SIMD8<Float>(repeating: .infinity)
    var high = SIMD8<Float>(repeating: -.infinity)
    let whole = values.count / 8 * 8
    for start in stride(from: 0, to: whole, by: 8) {
      let eight = Self.eight(values, start)
      sums += SIMD8<Double>(eight)
      low.replace(with: eight, where: eight .< low)
      high.replace(with: eight, where: eight .> high)
    }
    var sum = sums.sum()
    minimum = low.min()
    maximum = high.max()
    for value in values[whole...] {
      sum += Double(value)
      minimum = min(minimum, value)
      maximum = max(maximum, value)
    }
    count = Double(values.count)
    mean = values.isEmpty ? 0 : sum / count
    var distances = SIMD8<Double>()
    for start in stride(from: 0, to: whole, by: 8) {
      let distance = SIMD8<Double>(Self.eight(values, start)) - mean
      distances += distance * distance
    }
    squares = distances.sum()
    for value in values[whole...] {
      squares += (Double(value) - mean) * (Double(value) - mean)
    }
  }

  @inline(__always)
  private static func eight(_ values: UnsafeBufferPointer<Float>, _ start: Int) -> SIMD8<Float> {
    UnsafeRawBufferPointer(values).loadUnaligned(
      fromByteOffset: start * MemoryLayout<Float>.stride, as: SIMD8<Float>.self)
  }

  /// Adds other numbers (Chan, Golub and LeVeque, 1983).
  mutating func join(_ other: Moments) {
    guard other.count > 0 else { return }
    let total = count + other.count
    let distance = other.mean - mean
    mean += distance * other.count / total
    squares += other.squares + distance * distance * count * other.count / total
    count = total
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
  }

  var variance: Double { count > 0 ? squares / count : 0 }
}

/// Calls a closure for `0..<count` on some threads, each with a state of its own, and gives the
/// results in order.
func inParallel<State, Value: Sendable>(
  _ count: Int, threads: Int, state: @Sendable () -> State,
  body: @Sendable (inout State, Int) -> Value
) -> [Value] {
  let lanes = max(1, min(threads, count))
  let results = LaneResults<Value>(lanes)
  withoutActuallyEscaping(state) { state in
    withoutActuallyEscaping(body) { body in
      DispatchQueue.concurrentPerform(iterations: lanes) { lane in
        var own = state()
        results.set(
          lane, stride(from: lane, to: count, by: lanes).map { body(&own, $0) })
      }
    }
  }
  return (0..<count).map { results.lanes[$0 % lanes][$0 / lanes] }
}

private final class LaneResults<Value: Sendable>: @unchecked Sendable {
  // Unchecked: written under the lock, read when all lanes are done.
  private let lock = NSLock()
  private(set) var lanes: [[Value]]
  init(_ count: Int) { lanes = [[Value]](repeating: [], count: count) }
  func set(_ lane: Int, _ values: [Value]) {
    lock.lock()
    lanes[lane] = values
    lock.unlock()
  }
}
