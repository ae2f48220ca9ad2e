import Numerics

/// The crops of a simulated data set in order: by protein, then by field, then by cell.
public struct SimulationPlan: Sendable {
  /// One crop to make.
  public struct Item: Sendable, Equatable {
    /// The protein, as an index into ``SimulationPlan/proteins``.
    public let protein: Int
    /// The field of the protein, from 0.
    public let field: Int
    /// The cell of the field, from 0.
    public let cell: Int
  }

  /// What is simulated.
  public let settings: SimulationSettings
  /// The proteins, in order.
  public let proteins: [SimulatedProtein]

  /// The plan for `settings`.
  /// - Throws: ``SimulationError`` for a value out of range.
  public init(_ settings: SimulationSettings) throws(SimulationError) {
    try settings.validate()
    self.settings = settings
    proteins = SimulatedProtein.roster(
      of: settings.patterns, perPattern: settings.proteinsPerPattern, seed: settings.seed)
  }

  /// The number of crops.
  public var count: Int { settings.count }

  /// The crop at a place in the order.
  public subscript(index: Int) -> Item {
    precondition((0..<count).contains(index), "The plan has \(count) crops.")
    let perProtein = settings.fields * settings.cells
    return Item(
      protein: index / perProtein, field: index % perProtein / settings.cells,
      cell: index % settings.cells)
  }

  /// The number of a field among all fields of the data set: the column `FOV_id`.
  public func fieldNumber(_ item: Item) -> Int {
    item.protein * settings.fields + item.field
  }

  /// The id of a cell, the same whatever else the data set holds: `GOLGI2-f03-c007`.
  public func cellName(_ item: Item) -> String {
    let field = item.field.padded(to: 2)
    return "\(proteins[item.protein].name)-f\(field)-c\(item.cell.padded(to: 3))"
  }

  /// The labels of a crop, in the order of `DataLayout.labelColumns`.
  public func labels(_ item: Item) -> [String] {
    let protein = proteins[item.protein]
    let grades = protein.grades
    return [
      protein.gene, protein.name, grades.one, grades.two, grades.three, String(protein.id),
      String(fieldNumber(item)), cellName(item),
    ]
  }
}
