import Foundation

/// A column of text with each different value kept once.
public struct CSVColumn: Sendable, RandomAccessCollection {
  /// The name in the header.
  public let name: String
  /// For each row the number of its value; values are numbered as they first occur.
  public let codes: [Int32]

  private let url: URL
  private let text: [UInt8]
  private let ends: [Int]

  /// The first row.
  public var startIndex: Int { 0 }
  /// The number of rows.
  public var endIndex: Int { codes.count }
  /// The text of a row, counted from 0 without the header.
  public subscript(row: Int) -> String { value(Int(codes[row])) }

  /// The number of different values.
  public var uniqueCount: Int { ends.count }

  /// The different values in the order of their first occurrence.
  public var uniqueValues: [String] { (0..<uniqueCount).map(value) }

  /// The value of a code.
  public func value(_ code: Int) -> String {
    String(decoding: text[(code == 0 ? 0 : ends[code - 1])..<ends[code]], as: UTF8.self)
  }

  /// All rows as text.
  public func strings() -> [String] {
    let values = uniqueValues
    return codes.map { values[Int($0)] }
  }

  /// All rows as numbers; NaN where a value is missing.
  ///
  /// - Throws: `badData` naming the first row that holds something else.
  public func doubles() throws(ArrayFileError) -> [Double] {
    try parsed("a number") { MissingText.isMissing($0) ? .nan : NumberColumn.decimal($0) }
  }

  /// All rows as whole numbers.
  ///
  /// - Throws: `badData` naming the first row that holds something else.
  public func integers() throws(ArrayFileError) -> [Int] {
    try parsed("a whole number") { Int($0) }
  }

  private func parsed<Number>(
    _ expected: String, _ parse: (String) -> Number?
  ) throws(ArrayFileError) -> [Number] {
    let numbers = uniqueValues.map { value in
      parse(value.trimmingCharacters(in: CharacterSet(charactersIn: " \t")))
    }
    var result: [Number] = []
    result.reserveCapacity(codes.count)
    for (row, code) in codes.enumerated() {
      guard let number = numbers[Int(code)] else {
        throw ArrayFileError(
          .badData, url, place: "row \(row + 2), column '\(name)'",
          problem: "holds '\(value(Int(code)).prefix(60))' where \(expected) was expected",
          advice: Self.advice(value(Int(code))))
      }
      result.append(number)
    }
    return result
  }

  /// What to do about a decimal comma.
  private static func advice(_ text: String) -> String? {
    text.count { $0 == "," } == 1 && NumberColumn.decimal(text.replacing(",", with: ".")) != nil
      ? "Write decimals with a point" : nil
  }
}

extension CSVColumn {
  /// Collects a column row by row.
  struct Builder {
    private let name: String
    private var codes: [Int32] = []
    private var text: [UInt8] = []
    private var ends: [Int] = []
    /// Open addressing: codes, or -1.
    private var slots = [Int32](repeating: -1, count: 64)
    /// Drawn anew for each column, so that no file can be made to collide.
    private let seed = UInt64.random(in: .min ... .max)

    init(name: String) { self.name = name }

    mutating func append(_ value: UnsafeRawBufferPointer) {
      // Rows of one protein follow each other: most values repeat the one above.
      if let last = codes.last, equals(last, value) {
        codes.append(last)
        return
      }
      var slot = Int(truncatingIfNeeded: hash(value)) & (slots.count - 1)
      while slots[slot] >= 0 {
        if equals(slots[slot], value) {
          codes.append(slots[slot])
          return
        }
        slot = (slot + 1) & (slots.count - 1)
      }
      let code = Int32(ends.count)
      slots[slot] = code
      text.append(contentsOf: value)
      ends.append(text.count)
      codes.append(code)
      if ends.count * 2 > slots.count { grow() }
    }

    func finished(_ url: URL) -> CSVColumn {
      CSVColumn(name: name, codes: codes, url: url, text: text, ends: ends)
    }

    private func range(_ code: Int32) -> Range<Int> {
      (code == 0 ? 0 : ends[Int(code) - 1])..<ends[Int(code)]
    }

    private func equals(_ code: Int32, _ value: UnsafeRawBufferPointer) -> Bool {
      let range = range(code)
      guard range.count == value.count else { return false }
      return text.withUnsafeBytes { bytes in
        for place in 0..<value.count where bytes[range.lowerBound + place] != value[place] {
          return false
        }
        return true
      }
    }

    private func hash(_ value: UnsafeRawBufferPointer) -> UInt64 {
      var state = seed ^ UInt64(value.count)
      for byte in value {
        state = (state ^ UInt64(byte)) &* 0x9FB2_1C65_1E98_DF25
        state ^= state >> 32
      }
      return state
    }

    private mutating func grow() {
      slots = [Int32](repeating: -1, count: slots.count * 2)
      text.withUnsafeBytes { bytes in
        for code in ends.indices {
          let value = UnsafeRawBufferPointer(rebasing: bytes[range(Int32(code))])
          var slot = Int(truncatingIfNeeded: hash(value)) & (slots.count - 1)
          while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
          slots[slot] = Int32(code)
        }
      }
    }
  }
}
