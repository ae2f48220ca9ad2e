import Foundation
import Testing

/// One way to get it wrong: how to make it, and what the program must say.
struct BadInput: Sendable, CustomTestStringConvertible {
  let name: String
  /// The exit code.
  let status: Int32
  /// What the one line on standard error must contain, besides saying what is wrong.
  let words: [String]
  /// Makes the input and returns the path to give and options to add.
  let make: @Sendable (TemporaryFolder) throws -> (path: String, options: [String])

  init(
    _ name: String, status: Int32, words: [String],
    make: @escaping @Sendable (TemporaryFolder) throws -> (path: String, options: [String])
  ) {
    self.name = name
    self.status = status
    self.words = words
    self.make = make
  }

  /// A mistake in the data alone.
  init(
    _ name: String, status: Int32, words: [String],
    data: @escaping @Sendable (TemporaryFolder) throws -> String
  ) {
    self.init(name, status: status, words: words) { (try data($0), []) }
  }

  var testDescription: String { name }

  /// Checks what a run said and that it left nothing behind under its output's name.
  func expect(
    _ run: BuiltProgram.Outcome, nothingAt output: URL? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(!run.wasKilled, "ended by a signal", sourceLocation: sourceLocation)
    #expect(
      run.status == status, "\(name): \(run.errors)\(run.output)", sourceLocation: sourceLocation)
    // Notes about the data may come first; what is wrong is said once, last, on a line of its own.
    let lines = run.errors.split(separator: "\n")
    let first = lines.firstIndex { $0.hasPrefix("error: ") } ?? lines.endIndex
    let message = lines[first...].joined(separator: "\n")
    #expect(
      message.components(separatedBy: "error: ").count == 2, "\(name): \(run.errors)",
      sourceLocation: sourceLocation)
    for word in words {
      #expect(
        message.contains(word), "\(name): '\(word)' is not in: \(message)",
        sourceLocation: sourceLocation)
    }
    for trace in ["Fatal error", "frame #", "Stack dump", "Error Domain", ".swift:"] {
      #expect(!run.errors.contains(trace), "\(run.errors)", sourceLocation: sourceLocation)
    }
    if let output {
      #expect(
        !FileManager.default.fileExists(atPath: output.path(percentEncoded: false)),
        "\(name): something was left at \(output.lastPathComponent)",
        sourceLocation: sourceLocation)
    }
  }
}

extension BadInput {
  /// What is wrong with the files themselves; every command that reads crops must say it.
  static let damagedFiles: [BadInput] = [
    BadInput("missing folder", status: 66, words: ["no-such-folder"]) {
      $0.path("no-such-folder")
    },
    BadInput("empty folder", status: 65, words: ["data", "empty"]) { folder in
      try FileManager.default.createDirectory(
        at: folder.url.appending(path: "data"), withIntermediateDirectories: true)
      return folder.path("data")
    },
    BadInput("empty npy", status: 65, words: ["Image_data00.npy"]) { folder in
      let path = try TinyDataSet().write(to: folder)
      try folder.write("", to: "data/Image_data00.npy")
      return path
    },
    BadInput("truncated npy", status: 65, words: ["Image_data00.npy"]) { folder in
      let path = try TinyDataSet().write(to: folder)
      let url = folder.url.appending(path: "data/Image_data00.npy")
      let whole = try Data(contentsOf: url)
      try whole.dropLast(1000).write(to: url)
      return path
    },
    BadInput("npy with a corrupt header", status: 65, words: ["Image_data00.npy"]) { folder in
      let path = try TinyDataSet().write(to: folder)
      let url = folder.url.appending(path: "data/Image_data00.npy")
      var bytes = try Data(contentsOf: url)
      bytes.replaceSubrange(12..<40, with: Data(repeating: 0xFF, count: 28))
      try bytes.write(to: url)
      return path
    },
    BadInput("npy that is something else", status: 65, words: ["crops.npy"]) { folder in
      try folder.write(
        "PK\u{3}\u{4} not an array at all, but long enough to look at", to: "crops.npy")
    },
    BadInput("npy of complex numbers", status: 65, words: ["crops.npy"]) { folder in
      try folder.writeNPY("crops.npy", type: "<c8", shape: "(2, 4, 4)", bytes: 256)
    },
    BadInput("npy of 32-bit integers", status: 65, words: ["crops.npy", "int32"]) { folder in
      try folder.writeNPY("crops.npy", type: "<i4", shape: "(2, 4, 4)", bytes: 128)
    },
    BadInput("npy of one axis", status: 65, words: ["crops.npy", "[100]"]) { folder in
      try folder.writeNPY("crops.npy", type: "<f4", shape: "(100,)", bytes: 400)
    },
    BadInput("npy whose shape overflows", status: 65, words: ["crops.npy"]) { folder in
      try folder.writeNPY(
        "crops.npy", type: "<f4", shape: "(9223372036854775807, 4, 4)", bytes: 64)
    },
    BadInput("npy of no crops", status: 65, words: ["crops.npy"]) { folder in
      try folder.writeNPY("crops.npy", type: "<f4", shape: "(0, 4, 4)", bytes: 0)
    },
    BadInput("table with a row too few", status: 65, words: ["Label_data00.csv", "47", "48"]) {
      folder in
      let data = TinyDataSet()
      let path = try data.write(to: folder)
      let rows = data.table.split(separator: "\n").dropLast().joined(separator: "\n")
      try folder.write(rows + "\n", to: "data/Label_data00.csv")
      return path
    },
    BadInput("table that is missing", status: 66, words: ["Label_data00.csv"]) { folder in
      let path = try TinyDataSet().write(to: folder)
      try FileManager.default.removeItem(at: folder.url.appending(path: "data/Label_data00.csv"))
      return path
    },
    BadInput("table with a ragged row", status: 65, words: ["Label_data00.csv", "3"]) { folder in
      let data = TinyDataSet()
      let path = try data.write(to: folder)
      var rows = data.table.split(separator: "\n").map(String.init)
      rows[2] += ",one,two,many"
      try folder.write(rows.joined(separator: "\n") + "\n", to: "data/Label_data00.csv")
      return path
    },
  ]
}

extension TemporaryFolder {
  /// Writes a version 1 npy file with any header and a number of zero bytes, and returns its path.
  func writeNPY(_ name: String, type: String, shape: String, bytes count: Int) throws -> String {
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
    header += String(repeating: " ", count: 63 - (header.utf8.count + 10) % 64) + "\n"
    var data = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0])
    data += Data([UInt8(header.utf8.count & 0xFF), UInt8(header.utf8.count >> 8)])
    data += Data(header.utf8) + Data(count: count)
    try data.write(to: url.appending(path: name))
    return path(name)
  }
}
