package import Numerics

/// An order in which every batch holds several cells each of several classes.
///
/// Contrastive learning compares cells of one class with one another, which the plain order seldom
/// brings together. Classes take turns whatever their sizes, and cells of a class come from its fields
/// in turn, so that two cells of a class in one batch are of different fields where there are several
/// (the sampler of SubCell, and Hermans, Beyer and Leibe, 2017).
package struct BalancedOrder: Sendable {
  /// The places of each class, one list for each of its fields.
  private let classes: [[[UInt32]]]
  private let cellsPerClass: Int

  /// An order of cells with classes and fields.
  ///
  /// - Parameters:
  ///   - labels: the class of each place, 0 or more.
  ///   - fields: the field of each place; nil where none are known.
  ///   - cellsPerClass: cells of a class that follow one another; more where a batch has room for more
  ///     classes than there are.
  package init(labels: [Int32], fields: [Int32]?, cellsPerClass: Int) {
    precondition(cellsPerClass > 0, "A class takes a cell of a batch at least.")
    var found: [Int32: [Int32: [UInt32]]] = [:]
    for (place, label) in labels.enumerated() {
      found[label, default: [:]][fields?[place] ?? 0, default: []].append(UInt32(place))
    }
    classes = found.sorted { $0.key < $1.key }.map { _, fields in
      fields.sorted { $0.key < $1.key }.map(\.value)
    }
    self.cellsPerClass = cellsPerClass
  }

  /// Places for an epoch, cut into batches of `batchSize`; some come twice, some not at all.
  ///
  /// - Parameters:
  ///   - count: the places wanted.
  ///   - batchSize: cells of a batch.
  ///   - generator: sets the order.
  package func places(
    _ count: Int, batchSize: Int, generator: inout SplitMix64
  ) -> [UInt32] {
    guard !classes.isEmpty else { return [] }
    var queues = classes.map { Turns($0) }
    var order = [UInt32]()
    order.reserveCapacity(count)
    let run = max(cellsPerClass, batchSize / max(1, min(classes.count, batchSize)))
    var waiting: [UInt32] = []
    while order.count < count {
      // A batch starts with a new class, so that its classes are whole.
      let room = min(batchSize - order.count % batchSize, count - order.count)
      if waiting.isEmpty { waiting = generator.permutation(classes.count) }
      let index = Int(waiting.removeLast())
      for _ in 0..<min(run, room) { order.append(queues[index].next(&generator)) }
    }
    return order
  }

  /// The cells of a class, its fields in turn, without an end.
  private struct Turns {
    let fields: [[UInt32]]
    var waiting: [UInt32] = []

    init(_ fields: [[UInt32]]) {
      self.fields = fields
    }

    mutating func next(_ generator: inout SplitMix64) -> UInt32 {
      if waiting.isEmpty { waiting = shuffled(&generator) }
      return waiting.removeLast()
    }

    /// All cells once, round after round over the fields in random order.
    private func shuffled(_ generator: inout SplitMix64) -> [UInt32] {
      var rows = fields.map { field in
        generator.permutation(field.count).map { field[Int($0)] }
      }
      var result: [UInt32] = []
      var alive = Array(rows.indices)
      while !alive.isEmpty {
        let round = generator.permutation(alive.count).map { alive[Int($0)] }
        for field in round { result.append(rows[field].removeLast()) }
        alive = alive.filter { !rows[$0].isEmpty }
      }
      // Taken from the end.
      return result.reversed()
    }
  }
}
