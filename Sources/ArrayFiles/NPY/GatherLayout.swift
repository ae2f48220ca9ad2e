/// A walk over elements of a buffer by sizes and strides, written out densely in C order.
struct GatherLayout {
  /// Output sizes, outermost first, never empty.
  private(set) var sizes: [Int]
  /// The step in the source along each output axis, in elements.
  private(set) var strides: [Int]

  /// Makes a walk; neighbouring axes that lie densely are merged into one.
  init(sizes: [Int], strides: [Int]) {
    var merged: [(size: Int, stride: Int)] = []
    for (size, stride) in zip(sizes, strides) where size != 1 {
      if let last = merged.last, last.stride == stride * size {
        merged[merged.count - 1] = (last.size * size, stride)
      } else {
        merged.append((size, stride))
      }
    }
    if merged.isEmpty { merged = [(1, 1)] }
    self.sizes = merged.map(\.size)
    self.strides = merged.map(\.stride)
  }

  /// The number of elements it writes.
  var count: Int { sizes.reduce(1, *) }

  /// Gathers from `source`, which holds elements of `type`, converting each to `Output`.
  ///
  /// The caller has checked that every element the walk touches lies in `source`.
  func gather<Output: GatheredNumber>(
    _ source: UnsafeRawBufferPointer, _ type: ElementType,
    into output: UnsafeMutableBufferPointer<Output>
  ) {
    precondition(
      output.count >= count, "The output buffer is too small for the elements.")
    guard count > 0, let from = source.baseAddress, let to = output.baseAddress else { return }
    switch type {
    case .bool: walk(from, to) { (value: UInt8) in Output(value == 0 ? 0 : 1 as UInt8) }
    case .uint8: walk(from, to) { (value: UInt8) in Output(value) }
    case .int8: walk(from, to) { (value: Int8) in Output(value) }
    case .uint16: walk(from, to) { (value: UInt16) in Output(value) }
    case .int16: walk(from, to) { (value: Int16) in Output(value) }
    case .uint32: walk(from, to) { (value: UInt32) in Output(value) }
    case .int32: walk(from, to) { (value: Int32) in Output(value) }
    case .uint64: walk(from, to) { (value: UInt64) in Output(wrapping: value) }
    case .int64: walk(from, to) { (value: Int64) in Output(value) }
    case .float16: walk(from, to) { (value: UInt16) in Output(float: HalfPrecision.float(value)) }
    case .bfloat16:
      walk(from, to) { (value: UInt16) in Output(float: Float(bitPattern: UInt32(value) << 16)) }
    case .float32: walk(from, to) { (value: Float) in Output(float: value) }
    case .float64: walk(from, to) { (value: Double) in Output(double: value) }
    }
  }

  /// Gathers elements of `width` bytes as they are.
  func copy(
    _ source: UnsafeRawBufferPointer, width: Int, into output: UnsafeMutableRawBufferPointer
  ) {
    precondition(
      output.count >= count * width, "The output buffer is too small for the elements.")
    guard count > 0, let from = source.baseAddress, let to = output.baseAddress else { return }
    switch width {
    case 1: walk(from, to.assumingMemoryBound(to: UInt8.self)) { (value: UInt8) in value }
    case 2: walk(from, to.assumingMemoryBound(to: UInt16.self)) { (value: UInt16) in value }
    case 4: walk(from, to.assumingMemoryBound(to: UInt32.self)) { (value: UInt32) in value }
    default: walk(from, to.assumingMemoryBound(to: UInt64.self)) { (value: UInt64) in value }
    }
  }

  @inline(__always)
  private func walk<Source: BitwiseCopyable, Output>(
    _ source: UnsafeRawPointer, _ output: UnsafeMutablePointer<Output>,
    _ convert: (Source) -> Output
  ) {
    let width = MemoryLayout<Source>.size
    let inner = sizes[sizes.count - 1]
    let step = strides[strides.count - 1] * width
    let outer = sizes.dropLast()
    var index = [Int](repeating: 0, count: outer.count)
    var base = source
    var written = 0
    while true {
      let target = output + written
      // Elements may lie at odd addresses: nothing forces a header to a round length.
      if step == width {
        for i in 0..<inner {
          target[i] = convert(base.loadUnaligned(fromByteOffset: i &* width, as: Source.self))
        }
      } else {
        var place = base
        for i in 0..<inner {
          target[i] = convert(place.loadUnaligned(as: Source.self))
          place += step
        }
      }
      written += inner
      var axis = outer.count - 1
      while axis >= 0 {
        index[axis] += 1
        base += strides[axis] * width
        if index[axis] < sizes[axis] { break }
        base -= strides[axis] * sizes[axis] * width
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}

/// A number that elements of a file are converted to.
protocol GatheredNumber {
  init<Whole: BinaryInteger>(_ value: Whole)
  init(wrapping value: UInt64)
  init(float value: Float)
  init(double value: Double)
}

extension Float: GatheredNumber {
  @inline(__always) init(wrapping value: UInt64) { self.init(value) }
  @inline(__always) init(float value: Float) { self = value }
  @inline(__always) init(double value: Double) { self.init(value) }
}

extension Double: GatheredNumber {
  @inline(__always) init(wrapping value: UInt64) { self.init(value) }
  @inline(__always) init(float value: Float) { self.init(value) }
  @inline(__always) init(double value: Double) { self = value }
}

extension Int64: GatheredNumber {
  @inline(__always) init(wrapping value: UInt64) { self.init(bitPattern: value) }
  // Callers refuse fractions first; these keep the protocol whole without a trap.
  @inline(__always) init(float value: Float) { self = Int64(exactly: value.rounded()) ?? 0 }
  @inline(__always) init(double value: Double) { self = Int64(exactly: value.rounded()) ?? 0 }
}
