/// What embeddings of cells kept from training tell: which protein, and which other label.
///
/// The cells the model learned from are the reference; the held-out ones, whole fields of view, ask.
public struct HeldOutProbe: Sendable, Equatable, Codable {
  /// The split that asked: `test`, or `val` where there is no test split.
  public let heldOut: String
  /// The number of reference cells.
  public let referenceCells: Int
  /// The number of asking cells.
  public let askingCells: Int
  /// The column that names fields of view, if known.
  public let fieldColumn: String?
  /// The number of asking fields, if known.
  public let askingFields: Int?
  /// For each label, the vote of the nearest reference cells.
  public let nearest: [Identification]
  /// For each label, whether the nearest cell of any other field has the same one.
  public let retrieval: [Identification]

  /// Runs the probe.
  ///
  /// - Parameters:
  ///   - embedding: a row per cell.
  ///   - labels: label columns by name, a value per cell; cells without one do not ask.
  ///   - split: `train`, `val` or `test` per cell.
  ///   - fields: the column of fields and its value per cell.
  ///   - k: how many reference cells vote.
  ///   - metric: how distances are measured.
  ///   - workers: the threads.
  ///   - source: what to call the data in messages.
  ///   - seed: the seed of everything random.
  /// - Throws: `AnalysisError.tooFew` without held-out or without reference cells, `.notFinite`,
  ///   `.noDirection`.
  public init(
    _ embedding: Matrix, labels: [(column: String, values: [String])], split: [String],
    fields: (column: String, values: [String])? = nil, k: Int = 5, metric: Metric = .euclidean,
    seed: UInt64 = 0, source: String = "the embedding", workers: Workers = Workers()
  ) throws(AnalysisError) {
    precondition(split.count == embedding.rows, "Every cell belongs to a split.")
    let asked = split.contains("test") ? "test" : "val"
    let queries = split.indices.filter { split[$0] == asked }
    let learned = split.indices.filter { split[$0] == "train" }
    let reference = learned.isEmpty ? split.indices.filter { split[$0] != asked } : learned
    guard !queries.isEmpty else {
      throw .tooFew(
        what: "held-out cells (split 'test' or 'val') in \(source)", found: 0, needed: 1,
        advice: "Embed the whole data set, or name another column of splits.")
    }
    guard reference.count >= 2 else {
      throw .tooFew(
        what: "reference cells (split 'train') in \(source)", found: reference.count, needed: 2,
        advice: "Embed the training cells too.")
    }
    let voters = min(k, reference.count)
    let asking = embedding.selecting(queries)
    let search = ExactNeighbors(metric: metric, workers: workers)
    let near = try search.search(
      asking, in: embedding.selecting(reference), count: voters, source: source)

    let fieldCodes = fields.map { Grouping($0.values).codes }
    let queryFields = fieldCodes.map { codes in queries.map { codes[$0] } }
    let foreign = try Self.nearestForeign(
      embedding, queries: queries, reference: reference, fields: fieldCodes, search: search,
      source: source)

    var nearest: [Identification] = []
    var retrieval: [Identification] = []
    for (column, values) in labels {
      let codes = Grouping(values).codes
      let asked = queries.indices.filter { !values[queries[$0]].isEmpty }
      let truth = asked.map { codes[queries[$0]] }
      let askedFields = queryFields.map { codes in asked.map { codes[$0] } }
      let votes = near.vote(reference.map { codes[$0] }, k: voters)
      nearest.append(
        Identification(
          label: column, method: "vote of the \(voters) nearest training cells",
          predicted: asked.map { votes[$0] }, truth: truth,
          learned: reference.map { codes[$0] }, fields: askedFields, seed: seed))
      retrieval.append(
        Identification(
          label: column, method: foreign.method,
          predicted: asked.map { codes[foreign.rows[$0]] }, truth: truth,
          learned: foreign.gallery.map { codes[$0] }, fields: askedFields, seed: seed))
    }
    heldOut = asked
    referenceCells = reference.count
    askingCells = queries.count
    fieldColumn = fields?.column
    askingFields = queryFields.map { Set($0).count }
    self.nearest = nearest
    self.retrieval = retrieval
  }

  /// For each query the nearest cell that is not of its field; of the reference if fields are unknown.
  private static func nearestForeign(
    _ embedding: Matrix, queries: [Int], reference: [Int], fields: [Int]?, search: ExactNeighbors,
    source: String
  ) throws(AnalysisError) -> (rows: [Int], gallery: [Int], method: String) {
    guard let fields else {
      let near = try search.search(
        embedding.selecting(queries), in: embedding.selecting(reference), count: 1, source: source)
      return (near.indices.map { reference[Int($0)] }, reference, "nearest training cell")
    }
    // One neighbour more than the largest field has cells is enough to leave the field.
    var sizes: [Int: Int] = [:]
    for code in fields { sizes[code, default: 0] += 1 }
    let largest = queries.map { sizes[fields[$0]] ?? 0 }.max() ?? 0
    guard largest < embedding.rows else {
      throw .tooFew(
        what: "fields of view in \(source)", found: 1, needed: 2,
        advice: "Retrieval compares cells of different fields.")
    }
    let near = try search.search(
      embedding.selecting(queries), in: embedding, count: min(embedding.rows, largest + 1),
      source: source)
    let rows = queries.indices.map { place in
      near.indices(of: place).map(Int.init).first { fields[$0] != fields[queries[place]] } ?? 0
    }
    return (rows, Array(0..<embedding.rows), "nearest cell of any other field")
  }
}
