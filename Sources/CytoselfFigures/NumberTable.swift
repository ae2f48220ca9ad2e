import Foundation

/// Columns of numbers as a tab-separated file that gnuplot and every table program read.
struct NumberTable {
  private(set) var text: String

  init(_ names: [String]) {
    // A comment line for gnuplot; names are ours.
    text = "# " + names.joined(separator: "\t") + "\n"
  }

  mutating func row(_ values: [Double]) {
    for (index, value) in values.enumerated() {
      if index > 0 { text += "\t" }
      text += value.isFinite ? "\(value)" : "NaN"
    }
    text += "\n"
  }

  var content: Data { Data(text.utf8) }
}
