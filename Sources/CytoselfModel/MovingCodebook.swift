import Torch
import TorchNN

/// Moves the codes of a codebook to the running means of the vectors that they stand for.
///
/// An exponential moving average in place of gradients (van den Oord et al. 2017, appendix A.1): codes
/// keep up with an encoder that moves. They start at the centres that k-means finds in the first batch.
/// A code that stands for almost no vector is put on a vector of the batch (random restarts;
/// Dhariwal et al. 2020, Jukebox). "Almost none" is measured against the mean of all codes, since the vectors
/// of a batch for each code differ a hundredfold between levels.
final class MovingCodebook: Module {
  /// The share of the old mean that is kept at each step.
  static let decay = 0.99
  /// A code is restarted when it stands for less than this share of the mean of all codes.
  static let deadShare = 0.03
  /// Steps between restarts, so that a new code has time to gather vectors.
  static let restartInterval = 25
  /// Rounds of k-means on the first batch.
  static let startRounds = 10
  /// Laplace smoothing of the counts.
  private static let smoothing = 1e-5

  private let codebook: Tensor
  private let counts: Tensor
  private let sums: Tensor
  private let steps: Tensor
  private let codes: Int

  /// - Parameter codebook: `[codes, width]`, changed in place.
  init(_ codebook: Tensor) throws(TorchError) {
    self.codebook = codebook
    codes = codebook.shape[0]
    counts = try .filled(with: 0, shape: [codes])
    sums = try .filled(with: 0, shape: codebook.shape)
    steps = try .filled(with: 0, shape: [], elementType: .int64)
  }

  var tensors: [(name: String, state: StateTensor)] {
    [
      ("ema_count", .buffer(counts)), ("ema_sum", .buffer(sums)), ("ema_steps", .buffer(steps)),
    ]
  }

  /// Puts the codes on centres of the first batch; does nothing later.
  ///
  /// - Parameter rows: `[n, width]`, without gradients.
  func startIfNew(
    _ rows: Tensor, nearest: (Tensor) throws(TorchError) -> Tensor, _ generator: Generator?
  ) throws(TorchError) {
    guard try steps.item() == 0 else { return }
    try codebook.copy(from: picked(rows, generator))
    for _ in 0..<Self.startRounds {
      let (found, totals) = try totals(rows, nearest(rows))
      // Centres without a vector take another one.
      let isEmpty = try mask(of: found, below: 0.5).reshaped(-1, 1)
      let means = try totals / found.atLeast(1).reshaped(-1, 1)
      try codebook.copy(from: means + (picked(rows, generator) - means) * isEmpty)
    }
    let (found, totals) = try totals(rows, nearest(rows))
    try counts.copy(from: found)
    try sums.copy(from: totals)
  }

  /// Takes a batch into the means and moves the codes.
  ///
  /// - Parameters:
  ///   - rows: `[n, width]`, without gradients.
  ///   - nearest: The code of each row, int64 `[n]`.
  func update(_ rows: Tensor, nearest: Tensor, _ generator: Generator?) throws(TorchError) {
    let (found, totals) = try totals(rows, nearest)
    try counts.copy(from: counts * Self.decay + found * (1 - Self.decay))
    try sums.copy(from: sums * Self.decay + totals * (1 - Self.decay))
    try steps.copy(from: steps + 1)
    let mean = Double(rows.shape[0]) / Double(codes)
    if Int(try steps.item()) % Self.restartInterval == 0 {
      let isDead = try mask(of: counts, below: Self.deadShare * mean)
      let new = try picked(rows, generator)
      try counts.copy(from: counts + (isDead * mean - isDead * counts))
      let column = try isDead.reshaped(-1, 1)
      try sums.copy(from: sums + (new * mean - sums) * column)
    }
    let total = try counts.sum()
    let smoothed =
      try (counts + Self.smoothing) / (total + Double(codes) * Self.smoothing) * total
    try codebook.copy(from: sums / smoothed.reshaped(-1, 1))
  }

  /// How many rows each code stands for, and their sums.
  private func totals(
    _ rows: Tensor, _ nearest: Tensor
  ) throws(TorchError) -> (counts: Tensor, sums: Tensor) {
    (
      try nearest.counts(bins: codes).to(elementType: .float32),
      try rows.rowSums(bins: nearest, count: codes)
    )
  }

  /// 1 where a count is below a limit and 0 elsewhere, `[codes]`.
  private func mask(of counts: Tensor, below limit: Double) throws(TorchError) -> Tensor {
    let values = try counts.floats().map { Double($0) < limit ? Float(1) : 0 }
    return try Tensor(values, shape: [codes]).to(counts.device)
  }

  /// One row for each code, drawn at random; the first ones where nothing is drawn.
  private func picked(_ rows: Tensor, _ generator: Generator?) throws(TorchError) -> Tensor {
    let count = rows.shape[0]
    var places: [Int64] = []
    while places.count < codes {
      let order = try generator.map { generator throws(TorchError) in
        try generator.permutation(count).int64s()
      }
      places += order ?? Array(0..<Int64(count))
    }
    let chosen = try Tensor(integers: Array(places.prefix(codes)), shape: [codes])
    return try rows.selected(axis: 0, chosen.to(rows.device))
  }
}
