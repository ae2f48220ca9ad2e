/// The share of each part of a split.
public struct SplitFractions: Sendable, Equatable {
  /// The share that trains, 0 to 1.
  public let train: Double
  /// The share that validates, 0 to 1.
  public let validation: Double
  /// The share that tests, 0 to 1.
  public let test: Double

  /// Upstream's: 0.82, 0.098 and 0.082.
  public static let standard = SplitFractions(parts: [0.82, 0.098, 0.082])

  /// Shares that are brought to a sum of one.
  ///
  /// - Parameters:
  ///   - train: the share that trains, above 0.
  ///   - validation: the share that validates.
  ///   - test: the share that tests.
  /// - Throws: `CellDataError.fractions` for a negative share or none that trains.
  public init(train: Double, validation: Double, test: Double) throws(CellDataError) {
    let parts = [train, validation, test]
    guard parts.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw .fractions("\(train), \(validation), \(test) are not all numbers of 0 or more")
    }
    guard train > 0 else { throw .fractions("the training part is \(train)") }
    self.init(parts: parts)
  }

  private init(parts: [Double]) {
    // Divided only when the sum is not one to the last bit, which is what upstream does: the limits
    // below are compared with whole numbers and must round the same way.
    let sum = parts[0] + parts[1] + parts[2]
    let scaled = sum == 1 ? parts : parts.map { $0 / sum }
    train = scaled[0]
    validation = scaled[1]
    test = scaled[2]
  }

  /// The share of a part.
  public subscript(part: Split.Part) -> Double {
    switch part {
    case .train: train
    case .validation: validation
    case .test: test
    }
  }
}
