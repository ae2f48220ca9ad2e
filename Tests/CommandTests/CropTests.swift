import Foundation
import Testing

/// `cytoself crop` as a user runs it, on simulated fields.
@Suite struct CropTests {
  @Test func fieldsBecomeCropsAndABadOneIsListed() async throws {
    let folder = try TemporaryFolder()
    let simulated = try await BuiltProgram.run(
      [
        "simulate", "wells", "--whole-fields", "--patterns", "er", "--proteins-per-pattern", "1",
        "--fields", "1", "--field-size", "256", "--crowding", "0.8",
      ], in: folder.url)
    #expect(simulated.status == 0, "\(simulated.errors)")
    let crop = [
      "crop", "wells/fields", "--nucleus", "nucleus", "--protein", "protein", "--crop-size", "64",
      "--table", "wells/fields.csv", "--out",
    ]
    let run = try await BuiltProgram.run(crop + ["crops"], in: folder.url)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("from 1 field written to crops"), "\(run.output)")
    try Data("no picture".utf8).write(to: folder.url.appending(path: "wells/fields/text.tif"))
    let partly = try await BuiltProgram.run(crop + ["partly"], in: folder.url)
    #expect(partly.status == 1)
    #expect(partly.errors.contains("this is no TIFF file"), "\(partly.errors)")
    #expect(partly.errors.contains("1 of 2 fields could not be used"), "\(partly.errors)")
    let table = try String(
      contentsOf: folder.url.appending(path: "partly/fields.csv"), encoding: .utf8)
    #expect(table.contains("this is no TIFF file"))
  }

  /// Simulated fields in a folder, and the options that read them.
  static func simulate(_ folder: TemporaryFolder, fields: Int = 2) async throws -> [String] {
    let run = try await BuiltProgram.run(
      [
        "simulate", "wells", "--whole-fields", "--patterns", "er", "--proteins-per-pattern", "1",
        "--fields", "\(fields)", "--field-size", "256", "--crowding", "0.8",
      ], in: folder.url)
    #expect(run.status == 0, "\(run.errors)")
    return ["--nucleus", "nucleus", "--protein", "protein", "--crop-size", "64"]
  }

  @Test func aDryRunAndAPreviewWriteNoDataSet() async throws {
    let folder = try TemporaryFolder()
    let options = try await Self.simulate(folder)
    let plan = try await BuiltProgram.run(
      ["crop", "wells/fields", "--dry-run", "--pattern", "{protein}_f{site}.ome.tif"] + options,
      in: folder.url)
    #expect(plan.status == 0, "\(plan.errors)")
    #expect(
      plan.output.contains(
        "ER1_f00: 256 x 256; channels protein, nucleus; pixels of 0.2 um; protein ER1; site 00"),
      "\(plan.output)")
    #expect(plan.output.contains("2 fields, 1 protein, 0 plates; 0 cannot be used"))
    let look = try await BuiltProgram.run(
      ["crop", "wells/fields", "--preview", "look.png"] + options, in: folder.url)
    #expect(look.status == 0, "\(look.errors)")
    #expect(look.output.contains("nuclei in ER1_f00; see look.png"), "\(look.output)")
    #expect(folder.contents().filter { !$0.hasPrefix("wells") } == ["look.png"])
  }

  @Test func aDryRunEndsAsTheCutWould() async throws {
    let folder = try TemporaryFolder()
    let fields = folder.url.appending(path: "fields")
    try FileManager.default.createDirectory(at: fields, withIntermediateDirectories: true)
    try Data("no picture".utf8).write(to: fields.appending(path: "text.tif"))
    let dry = ["crop", "fields", "--dry-run", "--nucleus", "0"]
    let none = try await BuiltProgram.run(dry, in: folder.url)
    #expect(none.status == 65 && none.output.contains("1 cannot be used"), "\(none.output)")
    try TinyTIFF.page(width: 2, height: 2, pixels: [1, 2, 3, 4])
      .write(to: fields.appending(path: "good.tif"))
    #expect(try await BuiltProgram.run(dry, in: folder.url).status == 1)
    // A binary mask is said to be one, and the crops are as many as its pieces.
    var pixels = [UInt8](repeating: 0, count: 3_600)
    for (index, value) in [(610, 255), (640, 255), (2_415, 255)] {
      for row in 0..<5 { for column in 0..<5 { pixels[index + row * 60 + column] = UInt8(value) } }
    }
    for name in ["one", "masks"] {
      let sub = folder.url.appending(path: name)
      try FileManager.default.createDirectory(at: sub, withIntermediateDirectories: true)
      try TinyTIFF.page(width: 60, height: 60, pixels: pixels)
        .write(to: sub.appending(path: "good.tif"))
    }
    let run = try await BuiltProgram.run(
      [
        "crop", "one", "--out", "crops", "--nucleus", "0", "--masks", "masks", "--edge", "pad",
        "--crop-size", "16",
      ], in: folder.url)
    #expect(run.status == 0 && run.output.contains("3 crops of 3 nuclei"), "\(run.output)")
    #expect(
      run.errors.contains("note: good: the mask tells nuclei from background only"),
      "\(run.errors)")
  }

  @Test func newFieldsAreCutAsOthersWere() async throws {
    let folder = try TemporaryFolder()
    let options = try await Self.simulate(folder)
    let first = try await BuiltProgram.run(
      ["crop", "wells/fields/ER1_f00.ome.tif", "--out", "first", "--drop", "debris,cut"] + options,
      in: folder.url)
    #expect(first.status == 0, "\(first.errors)")
    let second = try await BuiltProgram.run(
      ["crop", "wells/fields/ER1_f01.ome.tif", "--out", "second", "--settings-from", "first"],
      in: folder.url)
    #expect(second.status == 0, "\(second.errors)")
    func settings(_ name: String) throws -> Substring {
      let text = try String(
        contentsOf: folder.url.appending(path: "\(name)/manifest.json"), encoding: .utf8)
      return try #require(text.firstRange(of: "\"settings\"").map { text[$0.lowerBound...] })
    }
    #expect(try settings("first") == settings("second"))
    for name in ["plates.csv", "fields.csv", "overlays/ER1_f00.png"] {
      #expect(folder.contains("first/" + name), "\(name)")
    }
    let none = try await BuiltProgram.run(
      ["crop", "wells/fields", "--out", "third", "--settings-from", "wells"], in: folder.url)
    #expect(none.status == 66 && none.errors.contains("there is no manifest"), "\(none.errors)")
  }

  @Test func everyBadFieldIsListedAndTheOthersAreCut() async throws {
    let folder = try TemporaryFolder()
    let options = try await Self.simulate(folder, fields: 1)
    let fields = folder.url.appending(path: "wells/fields")
    let good = try Data(contentsOf: fields.appending(path: "ER1_f00.ome.tif"))
    try Data().write(to: fields.appending(path: "zero.tif"))
    try Data("hello".utf8).write(to: fields.appending(path: "text.tif"))
    try good.prefix(good.count / 3).write(to: fields.appending(path: "short.tif"))
    try Data([0x49, 0x49, 42, 0, 8, 0, 0, 0, 0, 0]).write(to: fields.appending(path: "bare.tif"))
    // One page that claims 100,000 x 100,000 pixels, and one channel where two are needed.
    try TinyTIFF.page(width: 100_000, height: 100_000, pixels: [1, 2, 3, 4])
      .write(to: fields.appending(path: "huge.tif"))
    try TinyTIFF.page(width: 2, height: 2, pixels: [1, 2, 3, 4])
      .write(to: fields.appending(path: "single.tif"))
    let run = try await BuiltProgram.run(
      ["crop", "wells/fields", "--out", "crops"] + options, in: folder.url)
    #expect(run.status == 1, "\(run.errors)")
    #expect(run.errors.contains("6 of 7 fields could not be used"), "\(run.errors)")
    for words in [
      "zero.tif: the file is empty", "text.tif: this is no TIFF file",
      "short.tif: this is no TIFF file",
      "bare.tif: this is no TIFF file",
      "huge.tif, page 0: the header claims 100000 x 100000 pixels",
      "single.tif: there is no channel 'protein'. Use one of 0 (channel 0)",
    ] {
      #expect(run.errors.contains(words), "\(words) in \(run.errors)")
    }
    #expect(try folder.rows("crops/fields.csv").count == 8)
  }

  @Test func masksAndChannelsThatDoNotMatchAreListed() async throws {
    let folder = try TemporaryFolder()
    let options = try await Self.simulate(folder)
    let masks = folder.url.appending(path: "wells/masks")
    try FileManager.default.removeItem(at: masks.appending(path: "ER1_f01.tif"))
    try FileManager.default.copyItem(
      at: folder.url.appending(path: "wells/fields/ER1_f00.ome.tif"),
      to: folder.url.appending(path: "wells/fields/ER1_f02.ome.tif"))
    try TinyTIFF.page(width: 2, height: 2, pixels: [1, 2, 3, 4])
      .write(to: masks.appending(path: "ER1_f02.tif"))
    let run = try await BuiltProgram.run(
      ["crop", "wells/fields", "--out", "crops", "--masks", "wells/masks"] + options,
      in: folder.url)
    #expect(run.status == 1, "\(run.errors)")
    #expect(run.errors.contains("there is no mask of field ER1_f01"), "\(run.errors)")
    #expect(
      run.errors.contains("the mask has 2 x 2 pixels, the field 256 x 256"), "\(run.errors)")
    #expect(run.errors.contains("2 of 3 fields could not be used"), "\(run.errors)")
    #expect(run.output.contains("from 1 field written to crops"), "\(run.output)")
    // A file for each channel: one field lacks a channel, another's channels differ in size.
    let plate = folder.url.appending(path: "plate")
    try FileManager.default.createDirectory(at: plate, withIntermediateDirectories: true)
    for (name, side) in [("A1_0", 2), ("A1_1", 3), ("A2_0", 2), ("notes", 2)] {
      let side = UInt32(side)
      try TinyTIFF.page(
        width: side, height: side, pixels: [UInt8](repeating: 7, count: Int(side * side))
      ).write(to: plate.appending(path: name + ".tif"))
    }
    let split = try await BuiltProgram.run(
      ["crop", "plate", "--out", "none", "--pattern", "{well}_{channel}.tif"], in: folder.url)
    #expect(split.status == 65, "\(split.errors)")
    #expect(split.errors.contains("--pattern does not fit notes.tif (1 in all, left out)"))
    for words in [
      "the picture has 3 x 3 pixels, that of A1_0.tif 2 x 2", "the field has no channel '1'",
      "none of the 2 fields could be used",
    ] {
      #expect(split.errors.contains(words), "\(words) in \(split.errors)")
    }
    #expect(!folder.contains("none"))
  }

  @Test func aTableThatDoesNotMatchIsReported() async throws {
    let folder = try TemporaryFolder()
    let options = try await Self.simulate(folder)
    try folder.write("field,name\nER1_f00,KDEL\nER1_f09,GONE\n", to: "names.csv")
    let run = try await BuiltProgram.run(
      ["crop", "wells/fields", "--dry-run", "--table", "names.csv"] + options, in: folder.url)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("protein KDEL"), "\(run.output)")
    #expect(
      run.errors.contains(
        "names.csv has no row for ER1_f01 (1 in all, named after their files)"), "\(run.errors)")
    #expect(
      run.errors.contains("names.csv names what is not there: ER1_f09 (1 in all, passed over)"),
      "\(run.errors)")
  }

  @Test func namesThatCollideAreRefused() async throws {
    let folder = try TemporaryFolder()
    for name in ["a", "b"] {
      let sub = folder.url.appending(path: name)
      try FileManager.default.createDirectory(at: sub, withIntermediateDirectories: true)
      try TinyTIFF.page(width: 2, height: 2, pixels: [1, 2, 3, 4])
        .write(to: sub.appending(path: "x.tif"))
    }
    let run = try await BuiltProgram.run(["crop", "a", "b", "--dry-run"], in: folder.url)
    #expect(run.status == 64)
    #expect(run.errors.contains("two fields are called x"), "\(run.errors)")
    let whole = try await BuiltProgram.run(
      [
        "crop", ".", "--pattern", "{plate}/*.tif", "--dry-run", "--nucleus", "0",
      ], in: folder.url)
    #expect(whole.status == 0 && whole.output.contains("a_x: 2 x 2"), "\(whole.output)")
  }

  @Test(arguments: [
    (["--edge", "keep"], "--edge is 'keep', but must be one of drop, pad."),
    (["--diameter", "0"], "--diameter must be between 3 and 2000."),
    (["--drop", "ugly"], "--drop is 'ugly', but must be one of edge, cut"),
    (["--diameter", "wide"], "--diameter is 'wide', but must be a number of pixels"),
    (["--diameter", "2000um"], "--diameter must be up to 1000um."),
    (["--percentiles", "9"], "--percentiles must be two numbers from 0 to 100"),
    (["--projection", "sum"], "--projection is 'sum', but must be maximum, mean or the number"),
    (["--pixel-size", "0"], "--pixel-size must be between 0.001 and 1000."),
    (["--largest", "0.1"], "--smallest and --largest must be 0 or more"),
    (["--extra", "2", "--extra", "2"], "--extra must be given once each."),
    (["--preview", "a.png"], "Give --out DIR, or one of --dry-run and --preview PNG."),
    (["--time=-1"], "--time must be 0 or more."),
  ])
  func wrongOptionsEndWithUsage(options: [String], message: String) async throws {
    let run = try await BuiltProgram.run(["crop", "none", "--out", "crops"] + options)
    #expect(run.status == 64)
    #expect(run.errors.contains(message), "\(run.errors)")
  }

  @Test func aMissingFolderIsAMissingInput() async throws {
    let run = try await BuiltProgram.run(["crop", "none", "--out", "crops"])
    #expect(run.status == 66)
    #expect(run.errors.contains("there is no such file or folder"), "\(run.errors)")
  }
}

/// The smallest TIFF files: one page of bytes.
enum TinyTIFF {
  static func page(width: UInt32, height: UInt32, pixels: [UInt8]) -> Data {
    let tags: [(UInt16, UInt32)] = [
      (256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, height),
      (279, UInt32(pixels.count)),
    ]
    var data = Data([0x49, 0x49, 42, 0])
    func append<Number: FixedWidthInteger>(_ number: Number) {
      withUnsafeBytes(of: number.littleEndian) { data.append(contentsOf: $0) }
    }
    append(UInt32(8 + pixels.count))
    data.append(contentsOf: pixels)
    append(UInt16(tags.count))
    for (tag, value) in tags {
      append(tag)
      append(UInt16(4))
      append(UInt32(1))
      append(value)
    }
    append(UInt32(0))
    return data
  }
}
