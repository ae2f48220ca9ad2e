import ArrayFiles
import CellData
import Foundation
import Testing

@Suite struct BatchLoaderTests {
  struct Seen: Equatable {
    var rows: [[Int]] = []
    var labels: [[Int64]] = []
    var images: [[Float]] = []
    var shapes: [[Int]] = []
  }

  func run(_ loader: BatchLoader, epoch: Int, from first: Int = 0) throws -> Seen {
    var seen = Seen()
    let stream = loader.batches(epoch: epoch, from: first)
    while let batch = try stream.next() {
      #expect(batch.epoch == epoch && batch.index == first + seen.rows.count)
      seen.rows.append(batch.rows)
      seen.labels.append(batch.labels)
      seen.images.append(batch.images.floats)
      seen.shapes.append(batch.shape)
    }
    return seen
  }

  func training(_ data: CellDataSet, threads: Int = 2, seed: UInt64 = 5) throws -> BatchLoader {
    BatchLoader(
      data, rows: Array(0..<data.count), labels: try data.labelBook(),
      options: .init(
        batchSize: 4, shuffles: true, augmentation: .random, seed: seed, threads: threads,
        prefetch: 3))
  }

  @Test func batchesHoldTheirCropsAndLabels() throws {
    let data = try ReleasedData([[5], [6]]).open()
    let loader = BatchLoader(
      data, rows: [8, 1, 10, 0, 3], labels: try data.labelBook(), options: .init(batchSize: 2))
    #expect(loader.batchesPerEpoch == 3)
    let seen = try run(loader, epoch: 0)
    #expect(seen.rows == [[8, 1], [10, 0], [3]])
    #expect(seen.labels == [[1, 0], [1, 0], [0]])
    #expect(seen.shapes == [[2, 2, 6, 6], [2, 2, 6, 6], [1, 2, 6, 6]])
    for (rows, images) in zip(seen.rows, seen.images) {
      #expect(images == rows.flatMap { expected($0, channels: [0, 1], height: 6, width: 6) })
    }
    #expect(try run(loader, epoch: 1) == seen, "without shuffling all epochs are the same")
    #expect(try run(BatchLoader(data, rows: []), epoch: 0) == Seen())
    #expect(try run(BatchLoader(data, rows: [2]), epoch: 0).labels == [[]])
  }

  @Test func theOrderDependsOnSeedAndEpochAlone() throws {
    let data = try ReleasedData([[20], [17]]).open()
    let one = try run(training(data, threads: 1), epoch: 2)
    for threads in [2, 3, 8] {
      #expect(try run(training(data, threads: threads), epoch: 2) == one)
    }
    #expect(one.rows.joined().sorted() == Array(0..<37))
    #expect(one.rows.last?.count == 1)
    #expect(try run(training(data), epoch: 3).rows != one.rows)
    #expect(try run(training(data, seed: 6), epoch: 2).rows != one.rows)
  }

  @Test func anEpochCanBeStartedAtAnyBatch() throws {
    let data = try ReleasedData([[20], [17]]).open()
    let whole = try run(training(data), epoch: 4)
    for first in 0...10 {
      let rest = try run(training(data), epoch: 4, from: first)
      #expect(rest.rows == Array(whole.rows.dropFirst(first)))
      #expect(rest.images == Array(whole.images.dropFirst(first)))
    }
  }

  @Test func trainingCropsComeInAllEightOrientations() throws {
    let data = try ReleasedData([[30], [34]]).open()
    let reader = CropReader(data)
    var counts: [Orientation: Int] = [:]
    for epoch in 0..<25 {
      let seen = try run(training(data), epoch: epoch)
      for (rows, images) in zip(seen.rows, seen.images) {
        for (place, row) in rows.enumerated() {
          let crop = Array(images[place * 72..<(place + 1) * 72])
          let matching = try Orientation.allCases.filter {
            try reader.crop(row, orientation: $0) == crop
          }
          #expect(matching.count == 1)
          for orientation in matching { counts[orientation, default: 0] += 1 }
        }
      }
    }
    // 1,600 crops: 200 of each expected, standard deviation 13.
    #expect(counts.count == 8)
    #expect(counts.values.allSatisfy { abs($0 - 200) < 60 })
  }

  @Test func oneOrientationCanBeAskedFor() throws {
    let data = try ReleasedData([[3], [3]]).open()
    let turn = Orientation(quarterTurns: 3, isMirrored: true)
    let loader = BatchLoader(data, rows: [4], options: .init(augmentation: .fixed(turn)))
    let plain = expected(4, channels: [0, 1], height: 6, width: 6)
    #expect(
      try run(loader, epoch: 0).images
        == [turn.apply(to: plain, channels: 2, height: 6, width: 6)])
  }

  @Test func cropsThatAreNotSquareKeepTheirShape() throws {
    let folder = try TestFolder()
    let url = folder.file("a.npy")
    try NPY.write(crops(0..<40, channels: 1, height: 4, width: 6), shape: [40, 4, 6], to: url)
    let data = try CellDataSet(url)
    let loader = BatchLoader(
      data, rows: Array(0..<40), options: .init(batchSize: 1, augmentation: .random))
    let seen = try run(loader, epoch: 0)
    var kinds = Set<Orientation>()
    for (row, image) in seen.images.enumerated() {
      let plain = expected(row, channels: [0], height: 4, width: 6)
      for orientation in Orientation.rectangleCases
      where orientation.apply(to: plain, height: 4, width: 6) == image {
        kinds.insert(orientation)
      }
    }
    #expect(seen.shapes.allSatisfy { $0 == [1, 1, 4, 6] })
    #expect(kinds.count == 4)
  }

  @Test func aBadPixelEndsTheStreamWithItsPlace() throws {
    for bad in [Float.nan, .infinity, -.infinity] {
      let folder = try TestFolder()
      let url = folder.file("cells.npy")
      var values = crops(0..<20, channels: 2, height: 5, width: 5)
      values[13 * 50 + 7] = bad  // row 13, channel 1
      try NPY.write(values, shape: [20, 5, 5, 2], to: url)
      let data = try CellDataSet(url)
      let stream = BatchLoader(data, rows: Array(0..<20), options: .init(batchSize: 2))
        .batches(epoch: 0)
      var good = 0
      let error = cellDataError { while try stream.next() != nil { good += 1 } }
      #expect(good == 6)
      #expect(
        error
          == .notFinite(
            path: url.path(percentEncoded: false), row: 13, cell: "cells:13", channel: "channel1"))
      #expect(try stream.next() == nil)
      // The channel that is not read does no harm.
      let first = try CellDataSet(url, options: CellDataOptions(channels: ["0"]))
      #expect(try run(BatchLoader(first, rows: [13]), epoch: 0).rows == [[13]])
    }
  }

  @Test func aFileThatShrinksIsAnError() throws {
    let made = try ReleasedData([[20], [20]])
    let data = try made.open()
    let url = made.folder.file("Image_data01.npy")
    let handle = try FileHandle(forWritingTo: url)
    try handle.truncate(atOffset: 5000)
    try handle.close()
    let stream = BatchLoader(data, rows: Array(0..<40)).batches(epoch: 0)
    let error = cellDataError { while try stream.next() != nil {} }
    #expect(error?.kind == .inputOutput)
    #expect(error?.description.contains("Image_data01.npy") == true)
  }

  @Test func streamsStopWhenToldAndWhenDropped() throws {
    let data = try ReleasedData([[300], [300]]).open()
    let loader = try training(data)
    for taken in 0..<6 {
      let stream = loader.batches(epoch: taken)
      for _ in 0..<taken { #expect(try stream.next() != nil) }
      if taken % 2 == 0 {
        stream.cancel()
        #expect(try stream.next() == nil)
        stream.cancel()
      }
    }
    // A batch outlives its stream and its loader.
    var batch: Batch?
    do {
      let short = BatchLoader(data, rows: [7, 9])
      batch = try short.batches(epoch: 0).next()
    }
    #expect(
      batch?.images.floats
        == [7, 9].flatMap { expected($0, channels: [0, 1], height: 6, width: 6) })
  }

  /// A sparse file takes no disk; reading it all must not take memory either.
  @Test func memoryDoesNotGrowWithTheData() throws {
    let folder = try TestFolder()
    try folder.writeNPY(
      "big.npy", descriptor: "<f4", shape: [2000, 100, 100, 4], bytes: Data())
    let handle = try FileHandle(forWritingTo: folder.file("big.npy"))
    let header = try handle.seekToEnd()
    try handle.truncate(atOffset: header + 2000 * 160_000)
    try handle.close()
    let data = try CellDataSet(folder.file("big.npy"))
    let before = residentBytes()
    let stream = BatchLoader(
      data, rows: Array(0..<2000), options: .init(batchSize: 16, shuffles: true)
    ).batches(epoch: 0)
    var largest = before
    while try stream.next() != nil { largest = max(largest, residentBytes()) }
    // 320 MB pass through. Other tests run meanwhile, so the bound is loose.
    #expect(largest - before < 100_000_000)
  }

  func residentBytes() -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
      return 0
    }
    return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 4096 } ?? 0
  }
}
