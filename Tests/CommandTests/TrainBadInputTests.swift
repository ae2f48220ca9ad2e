import ArrayFiles
import Foundation
import Testing

/// Everything a user can get wrong in starting a training run.
@Suite struct TrainBadInputTests {
  @Test(arguments: BadInput.damagedFiles + badRequests)
  func saysWhatIsWrongAndLeavesNothing(_ input: BadInput) async throws {
    let folder = try TemporaryFolder()
    let (path, options) = try input.make(folder)
    let run = try await BuiltProgram.run(
      ["train", path, "--out", folder.path("run"), "--preset", "small", "--epochs", "1"] + options)
    input.expect(run, nothingAt: folder.url.appending(path: "run"))
  }

  @Test func refusesToWriteUnderAFile() async throws {
    let folder = try TemporaryFolder()
    let data = try TinyDataSet().write(to: folder)
    try folder.write("I am a file.", to: "file")
    let run = try await BuiltProgram.run(
      ["train", data, "--out", folder.path("file/run"), "--preset", "small", "--epochs", "1"])
    BadInput("out under a file", status: 74, words: ["file/run"], data: { $0.path("") }).expect(run)
    #expect(
      try String(contentsOf: folder.url.appending(path: "file"), encoding: .utf8) == "I am a file.")
  }

  @Test func namesTheCellWithABadPixel() async throws {
    let folder = try TemporaryFolder()
    let data = TinyDataSet()
    let path = try data.write(to: folder)
    var pixels = data.pixels
    pixels[7 * data.side * data.side * data.channels + 4 * 100] = .nan
    try NPY.write(
      pixels, shape: [data.cells.count, data.side, data.side, data.channels],
      to: folder.url.appending(path: "data/Image_data00.npy"))
    let run = try await BuiltProgram.run(
      ["train", path, "--out", folder.path("run"), "--preset", "small", "--epochs", "1"])
    BadInput(
      "NaN pixel", status: 65, words: ["Image_data00.npy", "row 7", "pro"], data: { $0.path("") }
    ).expect(run)
    // The pixel is met when the run has begun; no weights are left that look like a result.
    #expect(!folder.contains("run/best.safetensors"))
  }

  static let badRequests: [BadInput] = [
    BadInput("one class", status: 65, words: ["ALPHA"]) { folder in
      var data = TinyDataSet()
      data.proteins = ["ALPHA"]
      return try data.write(to: folder)
    },
    BadInput("a class with one cell", status: 65, words: ["LONELY", "one cell"]) { folder in
      let data = TinyDataSet()
      let path = try data.write(to: folder)
      var rows = data.table.split(separator: "\n").map(String.init)
      rows[rows.count - 1] = "E9,LONELY,place0,9,LONELY-0"
      try folder.write(rows.joined(separator: "\n") + "\n", to: "data/Label_data00.csv")
      return path
    },
    BadInput("an empty part of the split", status: 65, words: ["val"]) { folder in
      let data = TinyDataSet()
      let path = try data.write(to: folder)
      let rows = data.table.split(separator: "\n")
      let table = [rows[0] + ",part"] + rows.dropFirst().map { $0 + ",train" }
      try folder.write(table.joined(separator: "\n") + "\n", to: "data/Label_data00.csv")
      return (path, ["--split", "part"])
    },
    BadInput("an unknown label column", status: 64, words: ["gene_symbol", "name"]) {
      (try TinyDataSet().write(to: $0), ["--label", "gene_symbol"])
    },
    BadInput("an unknown channel", status: 64, words: ["mito", "nucdist"]) {
      (try TinyDataSet().write(to: $0), ["--channels", "pro,mito"])
    },
    BadInput("a device that no machine has", status: 64, words: ["tpu", "cpu"]) {
      (try TinyDataSet().write(to: $0), ["--device", "tpu"])
    },
    BadInput("a device that this machine lacks", status: 69, words: ["cuda:77", "cpu"]) {
      (try TinyDataSet().write(to: $0), ["--device", "cuda:77"])
    },
    BadInput("crops too small for two levels", status: 65, words: ["4 x 4", "pixels"]) { folder in
      var data = TinyDataSet()
      data.side = 4
      return try data.write(to: folder)
    },
    BadInput("an unknown preset", status: 64, words: ["huge", "readme", "small"]) {
      (try TinyDataSet().write(to: $0), ["--preset", "huge"])
    },
    BadInput("a configuration file that is missing", status: 66, words: ["mine.yaml"]) {
      (try TinyDataSet().write(to: $0), ["--config", $0.path("mine.yaml")])
    },
    BadInput(
      "an unknown key", status: 64, words: ["mine.yaml", "line 2", "learning_rte"]
    ) { folder in
      try folder.write("training:\n  learning_rte: 0.1\n", to: "mine.yaml")
      return (try TinyDataSet().write(to: folder), ["--config", folder.path("mine.yaml")])
    },
    BadInput(
      "a value of the wrong type", status: 64, words: ["mine.yaml", "line 2", "epochs", "many"]
    ) { folder in
      try folder.write("training:\n  epochs: many\n", to: "mine.yaml")
      return (try TinyDataSet().write(to: folder), ["--config", folder.path("mine.yaml")])
    },
    BadInput("a file that is no YAML", status: 64, words: ["mine.yaml"]) { folder in
      try folder.write("training: [1, 2\n  epochs: }{\n", to: "mine.yaml")
      return (try TinyDataSet().write(to: folder), ["--config", folder.path("mine.yaml")])
    },
    BadInput("a batch of nothing", status: 64, words: ["--batch-size is 0"]) {
      (try TinyDataSet().write(to: $0), ["--batch-size", "0"])
    },
    BadInput("nothing to resume", status: 66, words: ["run"]) {
      (try TinyDataSet().write(to: $0), ["--resume"])
    },
  ]
}
