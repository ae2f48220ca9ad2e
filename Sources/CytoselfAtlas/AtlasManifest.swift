import CytoselfFigures

/// `data/manifest.js`: everything small that the page starts from.
struct AtlasManifest: Encodable {
  /// Who made the atlas from what.
  struct Made: Encodable {
    let program: String
    let embeddings: String
  }

  /// One map.
  struct Map: Encodable {
    let name: String
    let layer: String?
    let dimensions: Int
    let minimum: [Float]
    let maximum: [Float]
  }

  /// One column.
  struct Column: Encodable {
    let name: String
    let kind: String
    var role: AtlasColumn.Role?
    var values: [String]?
    var bytes: Int?
    var colours: [String]?
    var minimum: Float?
    var maximum: Float?
  }

  /// One layer in which cells have neighbours.
  struct Layer: Encodable {
    let name: String
    let neighbours: Int
    let columns: Int
    let components: Int?
    let method: String
    let recall: Double?
  }

  /// Feature spectra.
  struct Spectrum: Encodable {
    let units: Int
    let names: [String]
    let minimum: Double
    let maximum: Double
    let scale: String
    let order: String
  }

  /// Sheets of pictures.
  struct Pictures: Encodable {
    /// One channel: its name, its colour on black, and the range that all cells share.
    struct Channel: Encodable {
      let name: String
      let colour: String
      let range: [Float]
    }
    let side: Int
    let across: Int
    let down: Int
    let quality: Int
    let scale: String
    let cells: Int
    let of: String?
    let channels: [Channel]
  }

  /// What `cytoself score` measured.
  struct Scores: Encodable {
    let rows: [AtlasScores.Row]
  }

  let format = 1
  let title: String
  let made: Made
  let cells: Int
  let block = AtlasFolder.block
  let smallBlock = AtlasFolder.smallBlock
  let maps: [Map]
  let columns: [Column]
  let protein: Int?
  let layers: [Layer]
  let spectrum: Spectrum?
  let pictures: Pictures?
  let scores: Scores?
  let clusters: Int?
}

extension AtlasManifest.Column {
  /// The description of a column.
  init(_ column: AtlasColumn) {
    name = column.name
    role = column.role
    switch column.values {
    case .labels(let labels, let colors, _):
      kind = "label"
      values = labels
      bytes = 2
      colours = colors.map(\.hex)
    case .numbers(let numbers):
      kind = "number"
      let finite = numbers.lazy.filter(\.isFinite)
      minimum = finite.min()
      maximum = finite.max()
    }
  }
}
