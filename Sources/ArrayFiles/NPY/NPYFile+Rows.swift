extension NPYFile {
  /// Reads items of a range along the first axis as floats, each flattened in C order.
  ///
  /// A float32 file in C order is read past the mapping, so the memory of the process does not grow
  /// with the part that was read.
  ///
  /// - Throws: `inputOutput` when the disk fails or the file was shortened since it was opened.
  public func readRows(
    _ range: Range<Int>, into output: UnsafeMutableBufferPointer<Float>
  ) throws(ArrayFileError) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= (shape.first ?? 0), "The rows do not exist.")
    let width = shape.dropFirst().reduce(1, *)
    precondition(output.count >= range.count * width, "The output is too small for the rows.")
    guard width > 0, !range.isEmpty else { return }
    let target = UnsafeMutableBufferPointer(rebasing: output[0..<range.count * width])
    if elementType == .float32 && !isFortranOrder {
      try file.file.read(
        at: dataOffset + range.lowerBound * width * elementType.byteCount,
        into: UnsafeMutableRawBufferPointer(target))
      return
    }
    let axes = Array(1..<max(1, shape.count))
    for (place, row) in range.enumerated() {
      readItem(
        row, axes: axes,
        into: UnsafeMutableBufferPointer(rebasing: target[place * width..<(place + 1) * width]))
    }
  }

  /// Reads items of a range along the first axis as they are, each flattened in C order.
  ///
  /// A file in C order is read past the mapping, so the memory of the process does not grow with the
  /// part that was read.
  ///
  /// - Parameters:
  ///   - range: the items.
  ///   - output: receives their elements, of the type of the file.
  /// - Throws: `inputOutput` when the disk fails or the file was shortened since it was opened.
  public func readRowBytes(
    _ range: Range<Int>, into output: UnsafeMutableRawBufferPointer
  ) throws(ArrayFileError) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= (shape.first ?? 0), "The rows do not exist.")
    let row = shape.dropFirst().reduce(elementType.byteCount, *)
    precondition(output.count >= range.count * row, "The output is too small for the rows.")
    guard row > 0, !range.isEmpty else { return }
    let target = UnsafeMutableRawBufferPointer(rebasing: output[0..<range.count * row])
    guard isFortranOrder else {
      try file.file.read(at: dataOffset + range.lowerBound * row, into: target)
      return
    }
    let layout = GatherLayout(
      sizes: [range.count] + shape.dropFirst(), strides: strides)
    let start = range.lowerBound * strides[0] * elementType.byteCount
    layout.copy(
      UnsafeRawBufferPointer(rebasing: bytes[start...]), width: elementType.byteCount, into: target)
  }

  /// Reads one of `count` equal parts of the array in C order, its elements as they are.
  ///
  /// The axes before the parts' own must be those whose sizes multiply to `count`.
  /// - Throws: `inputOutput` when the disk fails or the file was shortened since it was opened.
  package func readPlane(
    _ index: Int, of count: Int, into output: UnsafeMutableRawBufferPointer
  ) throws(ArrayFileError) {
    precondition(index >= 0 && index < count, "The part does not exist.")
    let part = self.count / count * elementType.byteCount
    precondition(output.count >= part, "The output is too small for the part.")
    guard isFortranOrder else {
      return try file.file.read(
        at: dataOffset + index * part,
        into: UnsafeMutableRawBufferPointer(rebasing: output[..<part]))
    }
    // Leading axes of one element come before the axis of parts; there is one of more at most.
    let leading = shape.firstIndex { $0 > 1 } ?? 0
    let start = count > 1 ? index * strides[leading] * elementType.byteCount : 0
    let inner = count > 1 ? leading + 1 : 0
    GatherLayout(sizes: Array(shape[inner...]), strides: Array(strides[inner...])).copy(
      UnsafeRawBufferPointer(rebasing: bytes[start...]), width: elementType.byteCount, into: output)
  }
}
