/// A part of the cell that a simulated protein can mark.
public enum CellStructure: String, Sendable, CaseIterable, Hashable {
  case nucleoplasm
  case chromatin
  case nucleolus
  case nuclearPunctae = "nuclear_punctae"
  case nuclearMembrane = "nuclear_membrane"
  case er
  case golgi
  case mitochondria
  case vesicles
  case cytoskeleton
  case stressFibers = "stress_fibers"
  case membrane
  case focalAdhesions = "focal_adhesions"
  case centrosome
  case cytoplasm

  /// The word, or words joined by `;`, that the OpenCell annotation uses for the structure.
  public var annotation: String {
    switch self {
    case .nucleolus: "nucleolus_gc"
    case .cytoplasm: "cytoplasmic"
    case .stressFibers: "membrane;cytoskeleton"
    default: rawValue
    }
  }

  /// The stem of the names of simulated proteins that mark the structure.
  public var proteinStem: String {
    switch self {
    case .nucleoplasm: "NUCLEOPLASM"
    case .chromatin: "CHROMATIN"
    case .nucleolus: "NUCLEOLUS"
    case .nuclearPunctae: "PUNCTA"
    case .nuclearMembrane: "LAMIN"
    case .er: "ER"
    case .golgi: "GOLGI"
    case .mitochondria: "MITO"
    case .vesicles: "VESICLE"
    case .cytoskeleton: "TUBULIN"
    case .stressFibers: "ACTIN"
    case .membrane: "MEMBRANE"
    case .focalAdhesions: "ADHESION"
    case .centrosome: "CENTRO"
    case .cytoplasm: "CYTOPLASM"
    }
  }
}

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

  /// The mixtures that are simulated unless others are asked for.
  public static let mixtures = [
    LocalizationPattern([.nucleoplasm, .cytoplasm]),
    LocalizationPattern([.membrane, .cytoplasm]),
    LocalizationPattern([.golgi, .vesicles]),
    LocalizationPattern([.centrosome, .cytoskeleton]),
    LocalizationPattern([.nucleolus, .nucleoplasm]),
  ]

  /// What is simulated unless other patterns are asked for: ``single``, then ``mixtures``.
  public static let standard = single + mixtures
}
