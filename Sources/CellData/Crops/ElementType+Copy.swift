import ArrayFiles

extension ElementType {
  /// Copies and converts one channel; false if a pixel is not finite.
  func copy(
    from base: UnsafeRawPointer, _ walk: PixelWalk, factor: Float,
    integers scale: CellDataOptions.IntegerScale, to output: UnsafeMutablePointer<Float>
  ) -> Bool {
    switch (self, scale) {
    case (.uint8, .unit): copyPixels(UnitByte.self, from: base, walk, factor: factor, to: output)
    case (.uint16, .unit): copyPixels(UnitWord.self, from: base, walk, factor: factor, to: output)
    case (.float32, _): copyPixels(Float.self, from: base, walk, factor: factor, to: output)
    case (.float16, _): copyPixels(HalfBits.self, from: base, walk, factor: factor, to: output)
    case (.float64, _): copyPixels(Double.self, from: base, walk, factor: factor, to: output)
    case (.uint8, _): copyPixels(UInt8.self, from: base, walk, factor: factor, to: output)
    case (.uint16, _): copyPixels(UInt16.self, from: base, walk, factor: factor, to: output)
    case (.bool, _): copyPixels(BoolByte.self, from: base, walk, factor: factor, to: output)
    default: preconditionFailure("Images of \(rawValue) are refused when a file is opened.")
    }
  }
}
