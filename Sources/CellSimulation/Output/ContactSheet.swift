/// A few crops of every pattern, for a person to judge a simulated data set by.
public struct ContactSheet: Sendable {
  /// One picture of the sheet.
  public struct Picture: Sendable {
    /// The name of the protein.
    public let protein: String
    /// The protein channel `[height, width]`, 0 to 1.
    public let pixels: [Float]
    /// The nuclear channel `[height, width]`, 0 to 1.
    public let nucleus: [Float]
  }

  /// The names of the patterns, one a row.
  public let patterns: [String]
  /// The pictures of each row: for each of its first proteins, cells of different fields.
  public let rows: [[Picture]]
  /// Side of a picture in pixels.
  public let side: Int

  /// The sheet of a data set: at most `proteins` proteins a row, and `cells` cells of each.
  ///
  /// The crops are those of the data set, made again; no file is read.
  public init(_ plan: SimulationPlan, proteins: Int = 3, cells: Int = 3) {
    let simulator = CropSimulator(plan.settings)
    let side = plan.settings.cropSize
    let shown = min(proteins, plan.settings.proteinsPerPattern)
    var crop = [Float](repeating: 0, count: CropSimulator.channels * side * side)
    self.side = side
    patterns = plan.settings.patterns.map(\.name)
    rows = plan.settings.patterns.indices.map { row in
      (0..<(shown * cells)).compactMap { column in
        let protein = plan.proteins[row * plan.settings.proteinsPerPattern + column / cells]
        // Different fields first, then further cells of them.
        let turn = column % cells
        let field = turn % plan.settings.fields
        let cell = turn / plan.settings.fields
        guard cell < plan.settings.cells else { return nil }
        let conditions = simulator.conditions(of: protein, field: field)
        crop.withUnsafeMutableBufferPointer { crop in
          _ = simulator.simulate(
            protein, field: field, cell: cell, conditions: conditions, into: crop)
        }
        let count = side * side
        return Picture(
          protein: protein.name, pixels: Array(crop[0..<count]),
          nucleus: Array(crop[count..<(2 * count)]))
      }
    }
  }
}
