import ArrayFiles
import Foundation
import Testing

/// A small file of a kind that can be read, and how, for tests that damage it.
struct ReadableFile {
  let name: String
  let bytes: [UInt8]
  /// Reads all there is in a file of this kind.
  let read: @Sendable (URL) throws -> Void

  /// Every fixture, and one small file of each kind that needs none.
  static func all() throws -> [ReadableFile] {
    let folder = fixture("protocol0.pickle").deletingLastPathComponent()
    var files: [ReadableFile] = []
    for name in try FileManager.default.contentsOfDirectory(
      atPath: folder.path(percentEncoded: false)
    ).sorted() {
      let bytes = Array(try Data(contentsOf: fixture(name)))
      switch URL(filePath: name).pathExtension {
      case "npy":
        files.append(ReadableFile(name: name, bytes: bytes, read: { _ = try NPY.strings($0) }))
      case "npz":
        files.append(ReadableFile(name: name, bytes: bytes, read: readArchive))
        files.append(
          ReadableFile(name: "open " + name, bytes: withoutChecksums(bytes), read: readArchive))
      case "pickle":
        files.append(ReadableFile(name: name, bytes: bytes, read: readPickle))
      case "pt", "chkp":
        files.append(ReadableFile(name: name, bytes: bytes, read: readTorch))
        if bytes[0] == 0x50 {
          files.append(
            ReadableFile(name: "open " + name, bytes: withoutChecksums(bytes), read: readTorch))
        }
      case "h5":
        files.append(ReadableFile(name: name, bytes: bytes, read: readKeras))
      default: break
      }
    }
    let numbers = npyBytes(
      "{'descr': '<f4', 'fortran_order': True, 'shape': (3, 2, 2, 2), }",
      data: rawBytes([Float](repeating: 1, count: 24)))
    files.append(ReadableFile(name: "numbers.npy", bytes: numbers, read: readNumbers))
    files.append(
      ReadableFile(
        name: "table.csv", bytes: Array("a,b,c\n1,\"x \"\"y\"\"\",é\r\n2,,\"p\nq\"\n".utf8),
        read: { url in
          let table = try CSVTable(url)
          for column in table.columns { _ = column.strings().count }
          for column in table.columns { _ = try? column.doubles() }
        }))
    let header =
      #"{"__metadata__":{"k":"v\u00e9"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
      + #""b":{"dtype":"BF16","shape":[2,1],"data_offsets":[8,12]}}  "#
    files.append(
      ReadableFile(
        name: "s.safetensors",
        bytes: rawBytes([UInt64(header.utf8.count)]) + Array(header.utf8)
          + [UInt8](repeating: 1, count: 12),
        read: { url in
          let file = try Safetensors(url)
          for name in file.names { _ = try file.floats(name).count }
        }))
    return files
  }

  /// Archives with their checksums taken out, so that changes of the content reach the readers.
  private static func withoutChecksums(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for place in 0..<bytes.count - 20 where bytes[place...].starts(with: [0x50, 0x4B, 1, 2]) {
      for byte in place + 16..<place + 20 { bytes[byte] = 0 }
    }
    return bytes
  }
}

@Sendable private func readArchive(_ url: URL) throws {
  let archive = try ZipArchive(MappedFile(url))
  for name in archive.names { _ = try archive.block(name).bytes.reduce(0) { $0 &+ Int($1) } }
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
  var output = [Float](repeating: 0, count: file.itemShape.reduce(1, *))
  output.withUnsafeMutableBufferPointer {
    file.readItem(file.shape[0] - 1, axes: [3, 1, 2], into: $0)
  }
}
