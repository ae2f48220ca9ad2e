import ArrayFiles
import Foundation
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

  private struct Seed {
    var name: String
    var bytes: [UInt8]
    var read: @Sendable (URL) throws -> Void
  }

  private func seeds() throws -> [Seed] {
    let folder = fixture("protocol0.pickle").deletingLastPathComponent()
    var seeds: [Seed] = []
    for name in try FileManager.default.contentsOfDirectory(
      atPath: folder.path(percentEncoded: false)
    ).sorted() {
      let bytes = Array(try Data(contentsOf: fixture(name)))
      switch URL(filePath: name).pathExtension {
      case "npy":
        seeds.append(Seed(name: name, bytes: bytes, read: { _ = try NPY.strings($0) }))
      case "npz":
        seeds.append(Seed(name: name, bytes: bytes, read: readArchive))
        seeds.append(Seed(name: "open " + name, bytes: withoutChecksums(bytes), read: readArchive))
      case "pickle":
        seeds.append(Seed(name: name, bytes: bytes, read: readPickle))
      case "pt", "chkp":
        seeds.append(Seed(name: name, bytes: bytes, read: readTorch))
        if bytes[0] == 0x50 {
          seeds.append(Seed(name: "open " + name, bytes: withoutChecksums(bytes), read: readTorch))
        }
      case "h5":
        seeds.append(Seed(name: name, bytes: bytes, read: readKeras))
      default: break
      }
    }
    let numbers = npyBytes(
      "{'descr': '<f4', 'fortran_order': True, 'shape': (3, 2, 2, 2), }",
      data: rawBytes([Float](repeating: 1, count: 24)))
    seeds.append(Seed(name: "numbers.npy", bytes: numbers, read: readNumbers))
    seeds.append(
      Seed(
        name: "table.csv", bytes: Array("a,b,c\n1,\"x \"\"y\"\"\",é\r\n2,,\"p\nq\"\n".utf8),
        read: { url in
          let table = try CSVTable(url)
          for column in table.columns { _ = column.strings().count }
          for column in table.columns { _ = try? column.doubles() }
        }))
    let header =
      #"{"__metadata__":{"k":"v\u00e9"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
      + #""b":{"dtype":"BF16","shape":[2,1],"data_offsets":[8,12]}}  "#
    seeds.append(
      Seed(
        name: "s.safetensors",
        bytes: rawBytes([UInt64(header.utf8.count)]) + Array(header.utf8)
          + [UInt8](repeating: 1, count: 12),
        read: { url in
          let file = try Safetensors(url)
          for name in file.names { _ = try file.floats(name).count }
        }))
    return seeds
  }

  /// Archives with their checksums taken out, so that changes of the content reach the readers.
  private func withoutChecksums(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for place in 0..<bytes.count - 20 where bytes[place...].starts(with: [0x50, 0x4B, 1, 2]) {
      for byte in place + 16..<place + 20 { bytes[byte] = 0 }
    }
    return bytes
  }

  private func mutated(_ original: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
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
    let seeds = try seeds()
    let url = FileManager.default.temporaryDirectory.appending(path: "fuzz-\(UUID().uuidString)")
    var refused = 0
    var slowest = Duration.zero
    for number in 0..<Self.count {
      var generator = SeededGenerator(seed: Self.first &+ UInt64(number))
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

@Sendable private func readArchive(_ url: URL) throws {
  let file = try NPZFile(url)
  for name in file.names {
    do { _ = try file.array(name).floats() } catch { _ = try file.strings(name) }
  }
}

@Sendable private func readPickle(_ url: URL) throws {
  let bytes = Array(try Data(contentsOf: url))
  let outcome = bytes.withUnsafeBytes { raw -> Result<Pickle, ArrayFileError> in
    do throws(ArrayFileError) { return .success(try Pickle(raw, file: url)) } catch {
      return .failure(error)
    }
  }
  let pickle = try outcome.get()
  // Look at everything there is, once.
  var seen: Set<Pickle.Reference> = []
  var pending = [pickle.root]
  while let place = pending.popLast() {
    guard seen.insert(place).inserted else { continue }
    _ = pickle.text(place)
    switch pickle.value(place) {
    case .list(let parts), .tuple(let parts), .set(let parts): pending += parts
    case .dictionary(let pairs): for pair in pairs { pending += [pair.key, pair.value] }
    case .persistent(let inner): pending.append(inner)
    case .object(let object):
      pending += [object.callable, object.arguments] + object.items
      for pair in object.entries { pending += [pair.key, pair.value] }
      if let state = object.state { pending.append(state) }
    default: break
    }
  }
}

@Sendable private func readTorch(_ url: URL) throws {
  let file = try TorchFile(url)
  for array in file.arrays + (file.optimizer?.arrays ?? []) {
    _ = array.floats().count
    _ = array.withBytes { $0.reduce(0) { $0 &+ Int($1) } }
  }
}

@Sendable private func readKeras(_ url: URL) throws {
  for array in try KerasWeights(url).arrays { _ = array.floats().count }
}

@Sendable private func readNumbers(_ url: URL) throws {
  let file = try NPYFile(url)
  _ = try file.floats().count
  guard file.shape.count == 4, file.shape[0] > 0 else { return }
  let reader = try NPYCropReader(file, channelAxis: 3)
  var output = [Float](repeating: 0, count: reader.outputCount)
  try output.withUnsafeMutableBufferPointer { try reader.read(file.shape[0] - 1, into: $0) }
}
