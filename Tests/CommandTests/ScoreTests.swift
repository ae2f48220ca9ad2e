import ArrayFiles
import Foundation
import Testing

/// `cytoself score` on embeddings made by hand.
@Suite struct ScoreTests {
  /// Six proteins in pairs of a place, three fields each, ten cells a field.
  private func embeddings(
    _ folder: TemporaryFolder, name: String = "e", split: Bool = true, columns: Int = 4
  ) throws -> String {
    var values: [Float] = []
    var table = "cell,name,loc,fov,area,\(split ? "split," : "")source,row\n"
    var seed: UInt64 = 1
    func noise() -> Float {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(seed >> 40) / Float(1 << 24)
    }
    for protein in 0..<6 {
      for field in 0..<3 {
        for cell in 0..<10 {
          let area = noise()
          for axis in 0..<columns {
            let place: Float = axis == protein / 2 ? 9 : 0
            values.append(place + (axis == 3 ? Float(protein % 2) * 4 + area : 0) + noise())
          }
          table +=
            "c\(protein)-\(field)-\(cell),P\(protein),L\(protein / 2),f\(protein)\(field),\(area),"
            + (split ? (field == 2 ? "test," : "train,") : "") + "s,0\n"
        }
      }
    }
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: name), withIntermediateDirectories: true)
    try NPY.write(
      values, shape: [180, columns], to: folder.url.appending(path: name + "/vqvec2.npy"))
    try folder.write(table, to: name + "/cells.csv")
    return folder.path(name)
  }

  private struct Summary: Decodable {
    struct Estimate: Decodable {
      let value: Double
      let low: Double
      let high: Double
      let chance: Double
      let p_value: Double
    }
    struct Identification: Decodable {
      let label: String
      let method: String
      let cells: Int
      let accuracy: Estimate
      let macro_f1: Estimate
      let majority: Double
    }
    struct Retrieval: Decodable {
      let label: String
      let ranked: String
      let nearest: Identification
      let average_precision: Estimate
    }
    struct Held: Decodable {
      let held_out: String
      let asked_cells: Int
    }
    let cluster_score_per_axis: Double
    let cluster_score_pooled: Double
    let probes: [Identification]
    let retrieval: [Retrieval]
    let profiles: [Identification]
    let held_out: [Held]
    let probes_missing: String?
    let notes: [String]
  }

  private static let quick = ["--permutations", "99", "--resamples", "100"]

  private func summary(_ run: BuiltProgram.Outcome) throws -> Summary {
    #expect(run.status == 0, "\(run.errors)")
    return try JSONDecoder().decode(Summary.self, from: Data(run.output.utf8))
  }

  @Test func scoresAreWrittenAndPrinted() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder)
    let run = try await BuiltProgram.run(
      ["score", input, "--labels", "name", "--also", "loc", "--out", folder.path("o"), "--json"]
        + Self.quick)
    let found = try summary(run)
    #expect(found.cluster_score_per_axis > 1)
    // Logistic regression, nearest cells and covariates alone, for each of two columns.
    #expect(found.probes.map(\.label) == ["name", "name", "name", "loc", "loc", "loc"])
    #expect(found.probes[0].accuracy.value > 0.9 && found.probes[3].accuracy.value == 1)
    #expect(found.probes[2].accuracy.value < 0.6)
    #expect(abs(found.probes[0].majority - 1.0 / 6) < 1e-9)
    #expect(found.held_out[0].held_out == "cells of split 'test'")
    #expect(found.held_out[0].asked_cells == 60)
    #expect(found.retrieval[0].ranked == "cell of another field")
    #expect(found.retrieval[1].average_precision.value > 0.9)
    #expect(found.profiles[0].cells == 6 && found.profiles[0].accuracy.value == 1)
    let scores = try CSVTable(folder.url.appending(path: "o/scores.csv"))
    #expect(scores.rowCount == 2 * (3 * 3 + 4))
    for column in ["value", "low", "high", "chance", "null_high", "p_value"] {
      #expect(try scores.column(column).doubles().allSatisfy(\.isFinite), "\(column)")
    }
    let classes = try CSVTable(folder.url.appending(path: "o/classes.csv"))
    #expect(classes.rowCount == 9)
    let confusion = try CSVTable(folder.url.appending(path: "o/confusion.csv"))
    #expect(try confusion.column("cells").integers().reduce(0, +) == 120)
    let predictions = try CSVTable(folder.url.appending(path: "o/predictions.csv"))
    #expect(predictions.rowCount == 120)
    let confounders = try CSVTable(folder.url.appending(path: "o/confounders.csv"))
    #expect(
      try confounders.column("name").strings() == [
        "area", "name", "name beyond these", "fov", "fov beyond name", "area",
      ])
    for name in ["confusion_name", "confusion_loc", "accuracy_name", "confounders"] {
      #expect(folder.contains("o/figures/\(name).gnuplot"), "\(name)")
    }
    #expect(folder.contains("o/scores.json"))
  }

  @Test func theSameSeedGivesTheSameBytes() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder)
    var outputs: [String] = []
    for threads in ["1", "3"] {
      let run = try await BuiltProgram.run(
        [
          "score", input, "--labels", "name", "--hold-out", "fields", "--json", "--threads",
          threads,
        ] + Self.quick)
      #expect(run.status == 0, "\(run.errors)")
      outputs.append(run.output)
    }
    #expect(outputs[0] == outputs[1])
  }

  @Test func fieldsProteinsAndCellsAreHeldOut() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder)
    func scored(_ arguments: [String]) async throws -> Summary {
      try summary(
        try await BuiltProgram.run(["score", input, "--json"] + Self.quick + arguments))
    }
    let fields = try await scored(["--labels", "name", "--hold-out", "fields", "--folds", "2"])
    #expect(fields.held_out[0].held_out == "each of 18 fields of view in turn, in 2 rounds")
    #expect(fields.held_out[0].asked_cells == 180)
    #expect(fields.notes.count == 1)
    #expect(fields.notes[0].hasPrefix("the model was trained on 120 of these cells"))
    let proteins = try await scored(["--labels", "loc", "--hold-out", "proteins"])
    #expect(proteins.held_out[0].held_out.hasPrefix("each of 6 proteins in turn"))
    #expect(proteins.retrieval[0].ranked == "cell of another protein")
    #expect(proteins.probes[0].accuracy.value > 0.9)
    let cells = try await scored(["--labels", "name", "--hold-out", "cells"])
    #expect(cells.held_out[0].held_out.hasPrefix("each of 180 cells in turn"))
    // Without a split fields are held out, since their column is found.
    let plain = try embeddings(folder, name: "plain", split: false)
    let found = try summary(
      try await BuiltProgram.run(["score", plain, "--labels", "name", "--json"] + Self.quick))
    #expect(found.held_out[0].held_out == "each of 18 fields of view in turn, in 3 rounds")
    #expect(found.notes.isEmpty)
  }

  @Test func wordsForAPerson() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder)
    let run = try await BuiltProgram.run(
      ["score", input, "--labels", "name"] + Self.quick)
    #expect(run.status == 0, "\(run.errors)")
    for line in [
      "'name': 6 classes, 60 query cells in 6 fields, held out: cells of split 'test'",
      "accuracy of always predicting the most frequent class: 16.7 %",
      "95 % interval", "chance", "  logistic regression", "    balanced accuracy",
      "mean average precision", "what explains the embedding", "name beyond these",
      "fov beyond name", "prediction from the embedding, for held-out cells: R²",
    ] {
      #expect(run.output.contains(line), "\(line) in \(run.output)")
    }
    #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 120 }, "\(run.output)")
  }

  @Test func manyColumnsAreReduced() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder, columns: 600)
    let run = try await BuiltProgram.run(
      ["score", input, "--labels", "loc", "--pca", "3"] + Self.quick)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("probes work on 3 principal components of vqvec2"))
    let usual = try await BuiltProgram.run(["score", input, "--labels", "loc"] + Self.quick)
    #expect(usual.output.contains("probes work on 179 principal components"), "\(usual.output)")
  }

  @Test func withoutGnuplotTheTablesAreThere() async throws {
    let folder = try TemporaryFolder()
    let run = try await BuiltProgram.run(
      ["score", try embeddings(folder), "--labels", "loc", "--out", folder.path("o")]
        + Self.quick,
      environment: ["PATH": "/nowhere", "CYTOSELF_GNUPLOT": ""])
    #expect(run.status == 0)
    #expect(run.errors.contains("warning: gnuplot, which draws the figures, was not found."))
    #expect(folder.contains("o/scores.csv") && folder.contains("o/figures/confusion_loc.gnuplot"))
  }

  @Test func oneFieldForEachClassLeavesTheClusterScore() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder, split: false)
    let table = try String(
      contentsOf: folder.url.appending(path: "e/cells.csv"), encoding: .utf8
    ).replacing(/,f(\d)\d,/) { ",f\($0.output.1)," }
    try folder.write(table, to: "e/cells.csv")
    let run = try await BuiltProgram.run(["score", input, "--labels", "name"] + Self.quick)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("cluster score per axis"))
    #expect(
      run.output.contains(
        "No probes of 'name': 0 classes of 'name' are in two or more fields of view"))
    // Asked for, it is an error.
    let asked = try await BuiltProgram.run(
      ["score", input, "--labels", "name", "--hold-out", "fields"])
    #expect(asked.status == 65 && asked.errors.contains("a probe may recognise the field"))
  }

  @Test func whatCannotBeScoredIsSaid() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder)
    let plain = try embeddings(folder, name: "plain", split: false)
    try folder.write("cell,name\na,P\n", to: "short.csv")
    try NPY.write(
      [Float](repeating: 0, count: 20), shape: [10, 2], to: folder.url.appending(path: "map.npy"))
    // Files cut short: an array without its end, a table that ends within a row.
    let whole = try Data(contentsOf: folder.url.appending(path: "e/vqvec2.npy"))
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "cut"), withIntermediateDirectories: true)
    try whole.prefix(1000).write(to: folder.url.appending(path: "cut/vqvec2.npy"))
    let text = try String(contentsOf: folder.url.appending(path: "e/cells.csv"), encoding: .utf8)
    try folder.write(text, to: "cut/cells.csv")
    try FileManager.default.copyItem(
      at: folder.url.appending(path: "e"), to: folder.url.appending(path: "torn"))
    try folder.write(String(text.prefix(1002)), to: "torn/cells.csv")
    let unnamed = text.replacing(/,P\d,/, with: ",,")
    try FileManager.default.copyItem(
      at: folder.url.appending(path: "e"), to: folder.url.appending(path: "unnamed"))
    try folder.write(unnamed, to: "unnamed/cells.csv")
    let single = text.replacing(/,P\d,/, with: ",P,")
    try FileManager.default.copyItem(
      at: folder.url.appending(path: "e"), to: folder.url.appending(path: "single"))
    try folder.write(single, to: "single/cells.csv")
    let name = ["--labels", "name"]
    let cases: [(arguments: [String], status: Int32, text: String)] = [
      ([folder.path("nowhere")] + name, 66, "does not exist"),
      ([input, "--labels", "gene"], 64, "has no column 'gene'; its columns are cell, name"),
      ([input, "--also", "gene"] + name, 64, "has no column 'gene'"),
      ([input, "--field", "well"] + name, 64, "has no column 'well'"),
      ([input, "--covariate", "volume"] + name, 64, "has no column 'volume'"),
      ([input, "--covariate", "loc"] + name, 65, "where a number was expected"),
      ([input, "--crops", folder.path("nowhere")] + name, 66, "nowhere"),
      ([input, "--table", folder.path("short.csv")] + name, 65, "describe different cells"),
      ([input, "--map", folder.path("map.npy")] + name, 65, "must be one of the same cells"),
      ([folder.path("cut")] + name, 65, "vqvec2.npy"),
      ([folder.path("torn")] + name, 65, "cells.csv"),
      ([folder.path("unnamed")] + name, 65, "0 classes"),
      ([folder.path("single")] + name, 65, "1 classes"),
      ([folder.path("e/vqvec2.npy")] + name, 66, "has no labels"),
      ([input, "--hold-out", "proteins"] + name, 64, "its name cannot be predicted"),
      (
        [input, "--hold-out", "proteins", "--protein", "loc"] + name, 65,
        "choose a coarser --labels column"
      ),
      ([plain, "--hold-out", "split"] + name, 64, "no cell has the split 'test' or 'val'"),
      ([input, "--hold-out", "wells"] + name, 64, "wells"),
      ([input, "--folds", "1"] + name, 64, "--folds is 2 or more"),
      ([input, "--neighbors", "0"] + name, 64, "--neighbors is 0; expected at least 1"),
      ([input, "--baseline", "classical"] + name, 64, "--baseline needs --crops"),
      ([input, "--baseline", "modern", "--crops", input] + name, 64, "classical"),
      ([input, "--regularization", "0"] + name, 64, "--regularization is a number above 0"),
      ([input, "--permutations", "5"] + name, 64, "--permutations is 19 or more"),
      ([input, "--pca", "-1"] + name, 64, "--pca"),
    ]
    for (arguments, status, text) in cases {
      let run = try await BuiltProgram.run(["score"] + arguments + ["--out", folder.path("o")])
      #expect(run.status == status, "\(arguments): \(run.errors)")
      #expect(run.errors.contains(text), "\(arguments): \(run.errors)")
      #expect(!folder.contains("o"), "\(arguments)")
    }
  }
}
