/// The shape of an attribute or dataset; an empty list for a single value, nil for none.
enum HDF5Shape {
  static func read(_ bytes: HDF5Bytes, _ place: Int) throws(ArrayFileError) -> [Int]? {
    let version = try bytes.byte(place)
    let rank = try bytes.byte(place + 1)
    guard rank <= 32, version == 1 || version == 2 else {
      throw bytes.bad("has a shape of an unknown kind", at: place)
    }
    if version == 2, try bytes.byte(place + 3) == 2 { return nil }
    var shape: [Int] = []
    for axis in 0..<rank {
      shape.append(try bytes.word64(place + (version == 1 ? 8 : 4) + axis * 8))
    }
    return shape
  }
}
