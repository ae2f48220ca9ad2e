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
