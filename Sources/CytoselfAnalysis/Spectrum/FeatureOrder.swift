import ArrayFiles
public import Foundation

/// The order in which codes stand in feature spectra, to be kept and used for other cells.
///
/// Feature `i` is the code `codes[i]`. Two spectra compare only in one order, so it is saved with
/// the first and loaded for the others.
public struct FeatureOrder: Sendable, Equatable {
  /// Every code once, numbered from 0.
  public let codes: [Int]

  /// The leaves of a tree from one side to the other.
  public init(_ linkage: AverageLinkage) { codes = linkage.leafOrder }

  /// Reads an order, for a codebook of this size.
  ///
  /// - Parameters:
  ///   - url: an npy file of whole numbers, [codes], as ``write(to:)`` makes it and as
  ///     `reordered_ind` of a seaborn clustermap is saved by NumPy.
  ///   - count: the number of codes.
  /// - Throws: `AnalysisError.mismatch` for another number of codes, `.badFile` where the file does
  ///   not hold every code once; `ArrayFileError`.
  public init(contentsOf url: URL, count: Int) throws {
    let file = try NPYFile(url)
    guard file.shape.count == 1 else {
      throw AnalysisError.badFile(
        path: url.path, problem: "the array has shape \(file.shape)",
        expected: "one axis, the codes in the order of features")
    }
    guard file.shape[0] == count else {
      throw AnalysisError.mismatch(
        what: "codes in \(url.path)", found: file.shape[0], expected: count,
        advice: "An order of features is for one codebook: take the leaf_order.npy that was made "
          + "with it.")
    }
    var seen = [Bool](repeating: false, count: count)
    let read = try file.int64s()
    for (place, code) in read.enumerated() {
      guard code >= 0, code < count, !seen[Int(code)] else {
        throw AnalysisError.badFile(
          path: url.path, problem: "feature \(place) is the code \(code)",
          expected: "every code from 0 to \(count - 1) once")
      }
      seen[Int(code)] = true
    }
    codes = read.map(Int.init)
  }

  /// Saves the order as an npy file, int64 [codes].
  ///
  /// - Parameter url: the file.
  /// - Throws: `ArrayFileError` when the file cannot be written.
  public func write(to url: URL) throws {
    try NPY.write(codes.map(Int64.init), shape: [codes.count], to: url)
  }

  /// A histogram in the order of features: a feature spectrum.
  ///
  /// - Parameter histogram: a value for each code.
  public func spectrum(of histogram: [Double]) -> [Double] {
    precondition(histogram.count == codes.count, "A histogram has a value for each code.")
    return codes.map { histogram[$0] }
  }
}
