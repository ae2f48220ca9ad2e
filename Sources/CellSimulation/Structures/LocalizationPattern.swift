/// Where a simulated protein is found: one structure, or a mixture of several.
public struct LocalizationPattern: Sendable, Hashable {
  /// The structures, the strongest first.
  public let structures: [CellStructure]

  /// The pattern of `structures`, the strongest first; at least one, each once.
  public init(_ structures: [CellStructure]) {
    precondition(
      !structures.isEmpty && Set(structures).count == structures.count,
      "A pattern needs one structure or more, each once.")
    self.structures = structures
  }

  /// The pattern that `name` spells: a structure's name, or several joined by `+`, as in
  /// `nucleoplasm+cytoplasm`.
  ///
  /// - Throws: ``SimulationError/unknownPattern(_:)`` for a word that is no structure, or one that
  ///   comes twice.
  public init(named name: String) throws(SimulationError) {
    var structures: [CellStructure] = []
    for word in name.split(separator: "+", omittingEmptySubsequences: false) {
      guard let structure = CellStructure(rawValue: String(word)),
        !structures.contains(structure)
      else { throw .unknownPattern(name) }
      structures.append(structure)
    }
    self.structures = structures
  }

  /// The name, which ``init(named:)`` reads back.
  public var name: String {
    structures.map(\.rawValue).joined(separator: "+")
  }

  /// The annotation as OpenCell would grade it 3: words joined by `;`.
  public var annotation: String {
    structures.map(\.annotation).joined(separator: ";")
  }

  /// The stem of protein names: `GOLGI`, or `NUCLEOPLASM-CYTOPLASM` for a mixture.
  public var proteinStem: String {
    structures.map(\.proteinStem).joined(separator: "-")
  }

  /// Every structure by itself.
  public static let single = CellStructure.allCases.map { LocalizationPattern([$0]) }

  /// The mixtures that are simulated by default.
  public static let mixtures = [
    LocalizationPattern([.nucleoplasm, .cytoplasm]),
    LocalizationPattern([.membrane, .cytoplasm]),
    LocalizationPattern([.golgi, .vesicles]),
    LocalizationPattern([.centrosome, .cytoskeleton]),
    LocalizationPattern([.nucleolus, .nucleoplasm]),
  ]

  /// What is simulated by default: ``single``, then ``mixtures``.
  public static let standard = single + mixtures
}
