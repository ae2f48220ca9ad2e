/// The inner product in double precision, in four partial sums.
func innerProduct<Scalar: BinaryFloatingPoint>(
  _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, count: Int
) -> Double {
  var first = 0.0
  var second = 0.0
  var third = 0.0
  var fourth = 0.0
  var index = 0
  while index + 4 <= count {
    first += Double(a[index]) * Double(b[index])
    second += Double(a[index + 1]) * Double(b[index + 1])
    third += Double(a[index + 2]) * Double(b[index + 2])
    fourth += Double(a[index + 3]) * Double(b[index + 3])
    index += 4
  }
  var sum = (first + second) + (third + fourth)
  while index < count {
    sum += Double(a[index]) * Double(b[index])
    index += 1
  }
  return sum
}

/// The inner product of two vectors of one length.
func innerProduct(_ a: [Double], _ b: [Double]) -> Double {
  a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in
      guard let aBase = a.baseAddress, let bBase = b.baseAddress else { return 0 }
      return innerProduct(aBase, bBase, count: a.count)
    }
  }
}

/// The euclidean length.
func length(_ a: [Double]) -> Double { innerProduct(a, a).squareRoot() }

/// Adds `factor` times a vector to another.
func add(_ a: [Double], times factor: Double, to target: inout [Double]) {
  a.withUnsafeBufferPointer { a in
    target.withUnsafeMutableBufferPointer { target in
      for index in 0..<a.count { target[index] += factor * a[index] }
    }
  }
}

/// Multiplies every element.
func scale(_ a: inout [Double], by factor: Double) {
  for index in a.indices { a[index] *= factor }
}
