import ArrayFiles
import Dispatch
public import Foundation

/// Writes a simulated data set to a folder, crop by crop, on several threads.
///
/// Memory is bounded by a few crops per thread. The bytes do not depend on the number of threads.
public struct SimulatedDataset: Sendable {
  /// The crops in order.
  public let plan: SimulationPlan
  /// How they lie in the folder.
  public let layout: DatasetLayout
  /// Files of images in the released layout.
  public let shards: Int
  /// Threads that make crops.
  public let threads: Int

  /// Most crops in one shard unless the number of shards is given.
  static let shardSize = 10_000

  /// A data set of `settings`.
  ///
  /// - Parameters:
  ///   - shards: Files of images in the released layout, 1 to 100; nil for as many as keep each
  ///     below 10,000 crops.
  ///   - threads: Threads that make crops, 1 to 1,024; nil for one per core.
  ///   - layout: how files are laid out.
  ///   - settings: what is simulated, and how much of it.
  /// - Throws: ``SimulationError`` for a value out of range.
  public init(
    _ settings: SimulationSettings, layout: DatasetLayout = .released, shards: Int? = nil,
    threads: Int? = nil
  ) throws(SimulationError) {
    plan = try SimulationPlan(settings)
    self.layout = layout
    if let shards {
      try SimulationSettings.check("--shards", shards, 1...min(100, settings.count))
    }
    if let threads { try SimulationSettings.check("--threads", threads, 1...1_024) }
    self.shards = shards ?? max(1, (settings.count + Self.shardSize - 1) / Self.shardSize)
    self.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
  }

  /// Writes everything into `folder`, which must not exist or be empty; it appears when complete.
  ///
  /// - Parameter progress: Called now and then with the number of crops written.
  /// - Parameter folder: the folder to write.
  /// - Throws: `ArrayFileError` when the folder is in use or cannot be made, and
  ///   when writing fails; nothing is left behind then.
  public func write(to folder: URL, progress: (Int) -> Void = { _ in }) throws {
    let staging = try StagedFolder(folder)
    do {
      let truth = try GroundTruthWriter(plan, folder: staging.url)
      let writer = try CropWriter(plan, layout: layout, shards: shards, folder: staging.url)
      try makeCrops(writer, truth, progress: progress)
      try writer.finish()
      try truth.finish()
      try SimulationManifest(self, imageFiles: writer.files).write(to: staging.url)
      try staging.publish()
    } catch {
      staging.discard()
      throw error
    }
  }

  /// Makes the crops in runs of a few per thread; one run is written while the next is made.
  private func makeCrops(
    _ writer: CropWriter, _ truth: GroundTruthWriter, progress: (Int) -> Void
  ) throws {
    let size = CropSimulator.channels * plan.settings.cropSize * plan.settings.cropSize
    let run = min(plan.count, max(threads * 4, min(64, (32 << 20) / (4 * size))))
    let makers = (0..<threads).map { _ in CropMaker(plan, layout: layout) }
    var made = CropRun(capacity: run, cropSize: size)
    var written = CropRun(capacity: run, cropSize: size)
    var next = 0
    while next < plan.count || !written.isEmpty {
      made.indices = next..<min(plan.count, next + run)
      next = made.indices.upperBound
      let failure = FailureBox()
      // Each iteration touches its own maker and its own crops; the writer has a run to itself.
      nonisolated(unsafe) let (making, writing) = (made, written)
      nonisolated(unsafe) let (shared, output, table) = (makers, writer, truth)
      let threads = threads
      DispatchQueue.concurrentPerform(iterations: threads + 1) { worker in
        if worker == 0 {
          failure.catching {
            for index in writing.indices {
              try output.append(index, writing.crop(index))
              try table.append(index, writing.truth(index))
            }
          }
        } else {
          for index in making.indices where index % threads == worker - 1 {
            shared[worker - 1].make(index, into: making)
          }
        }
      }
      try failure.rethrow()
      progress(written.indices.upperBound)
      written.indices = 0..<0
      swap(&made, &written)
    }
  }
}

/// A run of crops in memory, with what is known about each.
private final class CropRun {
  var indices = 0..<0
  private let size: Int
  private let pixels: UnsafeMutablePointer<Float>
  private let truths: UnsafeMutablePointer<CropTruth?>
  private let capacity: Int

  init(capacity: Int, cropSize: Int) {
    size = cropSize
    self.capacity = capacity
    pixels = .allocate(capacity: capacity * cropSize)
    pixels.initialize(repeating: 0, count: capacity * cropSize)
    truths = .allocate(capacity: capacity)
    truths.initialize(repeating: nil, count: capacity)
  }

  deinit {
    pixels.deallocate()
    truths.deinitialize(count: capacity)
    truths.deallocate()
  }

  var isEmpty: Bool { indices.isEmpty }

  func crop(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: pixels + (index - indices.lowerBound) * size, count: size)
  }

  func truth(_ index: Int) -> CropTruth? { truths[index - indices.lowerBound] }

  func set(_ truth: CropTruth, at index: Int) { truths[index - indices.lowerBound] = truth }
}

/// Makes crops on one thread, in the order of elements that the layout writes.
private final class CropMaker {
  private let plan: SimulationPlan
  private let layout: DatasetLayout
  private let simulator: CropSimulator
  private var planes: [Float]
  private var field: (number: Int, conditions: FieldConditions)?

  init(_ plan: SimulationPlan, layout: DatasetLayout) {
    self.plan = plan
    self.layout = layout
    simulator = CropSimulator(plan.settings)
    planes = [Float](
      repeating: 0,
      count: CropSimulator.channels * plan.settings.cropSize * plan.settings.cropSize)
  }

  func make(_ index: Int, into run: CropRun) {
    let item = plan[index]
    let protein = plan.proteins[item.protein]
    let number = plan.fieldNumber(item)
    let conditions: FieldConditions
    if let field, field.number == number {
      conditions = field.conditions
    } else {
      conditions = simulator.conditions(of: protein, field: item.field)
      field = (number, conditions)
    }
    let output = run.crop(index)
    guard layout == .released else {
      run.set(
        simulator.simulate(
          protein, field: item.field, cell: item.cell, conditions: conditions, into: output),
        at: index)
      return
    }
    planes.withUnsafeMutableBufferPointer { planes in
      run.set(
        simulator.simulate(
          protein, field: item.field, cell: item.cell, conditions: conditions, into: planes),
        at: index)
      let count = planes.count / CropSimulator.channels
      for pixel in 0..<count {
        for channel in 0..<CropSimulator.channels {
          output[pixel * CropSimulator.channels + channel] = planes[channel * count + pixel]
        }
      }
    }
  }
}

/// The first error of work done on another thread.
private final class FailureBox: @unchecked Sendable {
  private var error: (any Error)?

  func catching(_ body: () throws -> Void) {
    do { try body() } catch { self.error = error }
  }

  func rethrow() throws {
    if let error { throw error }
  }
}
