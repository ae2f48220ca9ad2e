public import CytoselfAnalysis

/// Feature spectra of cells: how often each code of the codebook occurs in a cell, in the order of a tree.
public struct CellSpectra: Sendable {
  /// The codes of the cells.
  let codes: CodeLayer<EmbeddingLayer>
  /// The order of features.
  let order: FeatureOrder
  /// Where the order is from.
  let source: String

  /// The most units of a spectrum in an atlas; features beside each other are added up to so many.
  static let mostUnits = 128

  /// Spectra from the codes of cells.
  ///
  /// - Parameters:
  ///   - codes: a layer of code histograms or code numbers.
  ///   - order: the order of features.
  ///   - source: where the order is from, as it is shown.
  public init(_ codes: CodeLayer<EmbeddingLayer>, order: FeatureOrder, source: String) {
    precondition(order.codes.count == codes.codes, "An order names every code once.")
    self.codes = codes
    self.order = order
    self.source = source
  }

  /// The features of each unit, by their places in the order.
  var units: [Range<Int>] {
    let count = order.codes.count
    let units = min(count, Self.mostUnits)
    return (0..<units).map { $0 * count / units..<($0 + 1) * count / units }
  }

  /// The name of each unit: the features in it, counted from 1.
  var unitNames: [String] {
    units.map { $0.count == 1 ? "\($0.upperBound)" : "\($0.lowerBound + 1)-\($0.upperBound)" }
  }

  /// The spectrum of a cell, a count for each unit.
  ///
  /// - Throws: as `CodeLayer.histogram(ofCell:)`; `AnalysisError.notFinite`.
  func spectrum(ofCell row: Int, units: [Range<Int>]) throws -> [Double] {
    let features = order.spectrum(of: try codes.histogram(ofCell: row))
    let sums = units.map { unit in features[unit].reduce(0, +) }
    guard sums.allSatisfy(\.isFinite) else {
      throw AnalysisError.notFinite(source: codes.source.name, rows: [row], count: 1)
    }
    return sums
  }

  /// A count as a byte: square roots keep rare codes visible beside frequent ones.
  static func byte(_ value: Double, most: Double) -> UInt8 {
    guard most > 0, value > 0 else { return 0 }
    return UInt8((min(1, value / most).squareRoot() * 255).rounded())
  }

  /// Writes the spectra of all cells.
  ///
  /// - Parameters:
  ///   - folder: where to.
  ///   - order: the row of each cell of the atlas.
  ///   - proteins: the protein of each cell of the atlas; one that is not below `count` is none.
  ///   - count: the number of proteins.
  /// - Returns: what the page needs to know, and the mean spectrum of each protein as bytes.
  func write(
    to folder: AtlasFolder, order: [Int32], proteins: [UInt16], count: Int
  ) throws -> (description: AtlasManifest.Spectrum, means: [[UInt8]]) {
    let units = units
    var most = 0.0
    for row in order.indices {
      most = max(most, try spectrum(ofCell: row, units: units).max() ?? 0)
    }
    var sums = [Double](repeating: 0, count: count * units.count)
    var sizes = [Double](repeating: 0, count: count)
    for (number, rows) in AtlasFolder.blocks(of: order.count, size: AtlasFolder.smallBlock) {
      var bytes: [UInt8] = []
      bytes.reserveCapacity(rows.count * units.count)
      for row in rows {
        let spectrum = try spectrum(ofCell: Int(order[row]), units: units)
        bytes += spectrum.map { Self.byte($0, most: most) }
        let protein = Int(proteins[row])
        guard protein < count else { continue }
        sizes[protein] += 1
        for (unit, value) in spectrum.enumerated() { sums[protein * units.count + unit] += value }
      }
      try folder.script("spectrum-\(number)", ["base64": AtlasFolder.base64(bytes)])
    }
    let means = (0..<count).map { protein in
      units.indices.map {
        Self.byte(sums[protein * units.count + $0] / max(1, sizes[protein]), most: most)
      }
    }
    return (
      AtlasManifest.Spectrum(
        units: units.count, names: unitNames, minimum: 0, maximum: most, scale: "square root",
        order: source), means
    )
  }
}
