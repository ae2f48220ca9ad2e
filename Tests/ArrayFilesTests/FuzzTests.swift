import ArrayFiles
import Foundation
import Numerics
import Testing

/// Seeded mutations of small files of every kind: a reader may refuse them or read them, but it must
/// not crash, hang or eat memory.
///
/// `CYTOSELF_FUZZ=100000 swift test --sanitize=address --filter FuzzTests` makes the long run;
/// `CYTOSELF_FUZZ_FROM` starts at another seed. The file that a crash leaves behind is the last
/// `fuzz-*` in the temporary folder.
@Suite struct FuzzTests {
  static let count = ProcessInfo.processInfo.environment["CYTOSELF_FUZZ"].flatMap(Int.init) ?? 1500
  static let first =
    ProcessInfo.processInfo.environment["CYTOSELF_FUZZ_FROM"].flatMap(UInt64.init) ?? 1

  private func mutated(_ original: [UInt8], _ generator: inout SplitMix64) -> [UInt8] {
    var bytes = original
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      guard !bytes.isEmpty else { break }
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0..<9, using: &generator) {
      case 0, 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 2, 3: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 4:
        // Numbers at the edges of what sizes and addresses can be.
        let edges: [UInt64] = [
          0, 1, 0x7F, 0xFF, 0x7FFF_FFFF, 0xFFFF_FFFF, 1 << 40, .max, .max >> 1,
        ]
        let value = edges.randomElement(using: &generator) ?? 0
        let width = [1, 2, 4, 8].randomElement(using: &generator) ?? 1
        for byte in 0..<width where place + byte < bytes.count {
          bytes[place + byte] = UInt8(truncatingIfNeeded: value >> (UInt64(byte) * 8))
        }
      case 5: bytes.removeSubrange(place...)
      case 6:
        let end = min(bytes.count, place + Int.random(in: 1...16, using: &generator))
        bytes.removeSubrange(place..<end)
      case 7:
        let end = min(bytes.count, place + Int.random(in: 1...64, using: &generator))
        bytes.insert(contentsOf: bytes[place..<end], at: place)
      default:
        let from = Int.random(in: 0..<bytes.count, using: &generator)
        let count = min(8, bytes.count - max(from, place))
        for byte in 0..<count { bytes[place + byte] = bytes[from + byte] }
      }
    }
    return bytes
  }

  @Test func readersSurviveMutations() throws {
    let seeds = try ReadableFile.all()
    let url = FileManager.default.temporaryDirectory.appending(path: "fuzz-\(UUID().uuidString)")
    var refused = 0
    var slowest = Duration.zero
    for number in 0..<Self.count {
      var generator = SplitMix64(seed: Self.first &+ UInt64(number))
      let seed = seeds[number % seeds.count]
      try Data(mutated(seed.bytes, &generator)).write(to: url)
      let clock = ContinuousClock()
      let start = clock.now
      do { try seed.read(url) } catch is ArrayFileError { refused += 1 }
      let time = clock.now - start
      if time > slowest { slowest = time }
      #expect(time < .seconds(5), "mutation \(number) of \(seed.name) took \(time)")
    }
    try FileManager.default.removeItem(at: url)
    print("\(Self.count) mutations of \(seeds.count) files: \(refused) refused, slowest \(slowest)")
  }
}
