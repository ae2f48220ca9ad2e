import CellData
import Foundation
import Testing

/// Not a test but a measurement: crops per second and peak memory of a loader, on a data set named
/// in the environment. Alone in its process, so that the peak is its own:
///
///     CYTOSELF_MEASURE_DATA=FOLDER CYTOSELF_MEASURE_THREADS=1 \
///       swift test -c release --filter LoaderMeasurement
@Suite struct LoaderMeasurement {
  @Test(.enabled(if: ProcessInfo.processInfo.environment["CYTOSELF_MEASURE_DATA"] != nil))
  func rateAndPeakMemory() throws {
    let environment = ProcessInfo.processInfo.environment
    guard let folder = environment["CYTOSELF_MEASURE_DATA"] else { return }
    let threads = environment["CYTOSELF_MEASURE_THREADS"].flatMap(Int.init) ?? 1
    let clock = ContinuousClock()
    let start = clock.now
    let data = try CellDataSet(URL(filePath: folder))
    let opened = clock.now
    print("open \(data.count) crops: \(opened - start), peak \(peakMegabytes()) MB")
    let loader = BatchLoader(
      data, rows: Array(0..<data.count), labels: try data.labelBook(),
      options: .init(
        batchSize: 32, shuffles: true, augmentation: .random, threads: threads, prefetch: 4))
    for epoch in 0..<3 {
      let begin = clock.now
      let processor = processorSeconds()
      let stream = loader.batches(epoch: epoch)
      var crops = 0
      while let batch = try stream.next() { crops += batch.count }
      let seconds =
        Double((clock.now - begin).components.attoseconds) / 1e18
        + Double((clock.now - begin).components.seconds)
      let spent = processorSeconds() - processor
      print(
        "epoch \(epoch), \(threads) threads: \(Int(Double(crops) / seconds)) crops/s, "
          + "\(Int(Double(crops) / spent)) per processor second, peak \(peakMegabytes()) MB")
    }
    let begin = clock.now
    let statistics = try IntensityStatistics(data, rows: loader.rows, threads: threads)
    print("variance \(statistics.variance): \(clock.now - begin), peak \(peakMegabytes()) MB")
  }

  func peakMegabytes() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { Int($0.filter(\.isNumber)) }.map { $0 / 1024 } ?? 0
  }

  func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
