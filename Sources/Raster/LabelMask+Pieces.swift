/// The connected pieces of a mask's objects.
package struct MaskPieces {
  /// A piece: pixels of one label that touch along their sides or corners.
  package struct Piece {
    /// The label of its pixels.
    package let label: Int32
    /// Its pixels.
    package fileprivate(set) var area = 0
    /// Whether it touches the left, right, upper and lower edge of the mask.
    package fileprivate(set) var edges: (left: Bool, right: Bool, top: Bool, bottom: Bool) =
      (false, false, false, false)
  }

  /// The pieces, in the order of their first pixels.
  package private(set) var pieces: [Piece] = []
  /// The piece of each pixel, counted from 1; 0 where there is no object.
  package private(set) var mask: LabelMask

  /// Finds the pieces of a mask.
  package init(_ mask: LabelMask) {
    let (width, height, labels) = (mask.width, mask.height, mask.labels)
    var numbers = [Int32](repeating: 0, count: labels.count)
    // Provisional numbers and what each was found to be the same as, always a smaller one.
    var roots: [Int32] = [0]
    func root(_ number: Int32) -> Int32 {
      var number = number
      while roots[Int(number)] != number {
        roots[Int(number)] = roots[Int(roots[Int(number)])]
        number = roots[Int(number)]
      }
      return number
    }
    for row in 0..<height {
      for column in 0..<width {
        let index = row * width + column
        let label = labels[index]
        guard label > 0 else { continue }
        var own: Int32 = 0
        func meet(_ neighbor: Int) {
          guard labels[neighbor] == label else { return }
          let other = root(numbers[neighbor])
          if own != 0, own != other { roots[Int(max(own, other))] = min(own, other) }
          own = own == 0 ? other : min(own, other)
        }
        if column > 0 { meet(index - 1) }
        if row > 0 {
          if column > 0 { meet(index - width - 1) }
          meet(index - width)
          if column + 1 < width { meet(index - width + 1) }
        }
        if own == 0 {
          own = Int32(roots.count)
          roots.append(own)
        }
        numbers[index] = own
      }
    }
    var places = [Int32](repeating: 0, count: roots.count)
    var found: [Piece] = []
    for index in numbers.indices where numbers[index] > 0 {
      let first = Int(root(numbers[index]))
      if places[first] == 0 {
        found.append(Piece(label: labels[index]))
        places[first] = Int32(found.count)
      }
      let (piece, column, row) = (Int(places[first]) - 1, index % width, index / width)
      numbers[index] = places[first]
      found[piece].area += 1
      if column == 0 { found[piece].edges.left = true }
      if column == width - 1 { found[piece].edges.right = true }
      if row == 0 { found[piece].edges.top = true }
      if row == height - 1 { found[piece].edges.bottom = true }
    }
    pieces = found
    self.mask = LabelMask(width: width, height: height, labels: numbers)
  }
}
