import ArrayFiles
import Foundation
import Testing

@Suite struct PickleTests {
  let url = URL(filePath: "/somewhere/a.pickle")

  private func read(_ bytes: [UInt8]) throws(ArrayFileError) -> Pickle {
    let outcome = bytes.withUnsafeBytes { raw -> Result<Pickle, ArrayFileError> in
      do throws(ArrayFileError) { return .success(try Pickle(raw, file: url)) } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }

  private func read(_ text: String) throws(ArrayFileError) -> Pickle { try read(Array(text.utf8)) }

  @Test(arguments: 0...5) func readsEveryProtocol(version: Int) throws {
    let file = try Data(contentsOf: fixture("protocol\(version).pickle"))
    let pickle = try read(Array(file))
    #expect(pickle.byteCount == file.count)
    func entry(_ key: String) throws -> Pickle.Reference {
      try #require(pickle.entry(key, of: pickle.root), "\(key)")
    }
    guard case .none = pickle.value(try entry("none")) else {
      Issue.record("None was lost")
      return
    }
    let truth = try #require(pickle.elements(entry("truth"))).map { reference -> Bool? in
      if case .bool(let value) = pickle.value(reference) { return value }
      return nil
    }
    #expect(truth == [true, false])
    #expect(
      try pickle.integers(entry("integers")) == [
        0, 1, 255, 256, 65535, 65536, -1, 2_147_483_647, -2_147_483_648, 1_099_511_627_776,
        -1_099_511_627_776,
      ])
    switch pickle.value(try entry("long")) {
    case .longInteger(let bytes): #expect(bytes == [UInt8](repeating: 0, count: 10) + [1])
    case .text(let text): #expect(version < 2 && text == "1208925819614629174706176L")
    default: Issue.record("2 ** 80 was lost")
    }
    let reals = try #require(pickle.elements(entry("reals"))).map { reference -> Double? in
      if case .real(let value) = pickle.value(reference) { return value }
      return nil
    }
    #expect(reals == [0.5, -2, 1e300])
    let text = try #require(pickle.elements(entry("text"))).map { pickle.text($0) }
    #expect(
      text == [
        "", "ACTB", "µ é 😀 \\ '\"\n\t\0end", String(repeating: "x", count: 300),
      ])
    let shared = try #require(pickle.elements(entry("shared")))
    #expect(shared[0] == shared[1])
    let ordered = try #require(pickle.entries(entry("ordered")))
    #expect(ordered.map { pickle.text($0.key) } == ["first", "second"])
    #expect(ordered.map { pickle.integer($0.value) } == [1, 2])
    #expect(try pickle.entries(entry("default"))?.count == 1)
    let cyclic = try entry("cyclic")
    #expect(pickle.elements(cyclic) == [cyclic])
    if version >= 3 {
      guard case .bytes(let bytes) = pickle.value(try entry("bytes")) else {
        Issue.record("bytes were lost")
        return
      }
      #expect(bytes == [0, 0xFF, 0x27, 0x5C])
    }
  }

  @Test func keepsCallsAsRecords() throws {
    let pickle = try read("cos\nsystem\n(S'touch /tmp/owned'\ntR.")
    let object = try #require(pickle.object(pickle.root))
    #expect(pickle.globalName(object.callable) == "os.system")
    #expect(pickle.elements(object.arguments)?.first.flatMap(pickle.text) == "touch /tmp/owned")
    #expect(!FileManager.default.fileExists(atPath: "/tmp/owned"))
  }

  @Test func keepsStatesInstancesAndExtensions() throws {
    let built = try read("(imodule\nClass\n}b.")
    #expect(built.object(built.root)?.state != nil)
    let object = try read("(cmodule\nClass\nI1\noI2\n0.")
    #expect(object.object(object.root).flatMap { object.integers($0.arguments) } == [1])
    let named = try read(Array("cm\nC\n)}".utf8) + [0x92] + Array(".".utf8))
    #expect(named.object(named.root) != nil)
    let numbered = try read([0x80, 2, 0x82, 7, UInt8(ascii: ".")])
    #expect(numbered.globalName(numbered.root) == "copyreg.extension")
    let persistent = try read("Pname\n.")
    guard case .persistent(let identifier) = persistent.value(persistent.root) else {
      Issue.record("a persistent identifier was lost")
      return
    }
    #expect(persistent.text(identifier) == "name")
  }

  @Test func nestsWithoutStack() throws {
    // Lists inside each other as an honest writer nests them, padded to an honest length.
    let depth = 100_000
    let lists = String(repeating: "]", count: depth) + String(repeating: "a", count: depth - 1)
    let pickle = try read(lists + String(repeating: "N0", count: depth) + ".")
    var place = pickle.root
    var found = 1
    while let inner = pickle.elements(place)?.first {
      place = inner
      found += 1
    }
    #expect(found == depth)
  }

  @Test func refusesWhatIsBroken() throws {
    func problem(_ bytes: [UInt8]) throws -> String {
      let error = try #require(arrayFileError { _ = try read(bytes) })
      #expect(error.kind == .badData && error.place?.hasPrefix("byte ") == true)
      return error.problem
    }
    func problem(_ text: String) throws -> String { try problem(Array(text.utf8)) }
    #expect(try problem("").contains("cut short"))
    #expect(try problem("N").contains("cut short"))
    #expect(try problem(".").contains("ends too early"))
    #expect(try problem("a.").contains("not there"))
    #expect(try problem("t.").contains("lacks a mark"))
    #expect(try problem("NNa.").contains("appends to something that is no list"))
    #expect(try problem("(Nd.").contains("lacks a value"))
    #expect(try problem("NNNs.").contains("no dictionary"))
    #expect(try problem("NNb.").contains("no object"))
    #expect(try problem("g7\n.").contains("recalls number 7"))
    #expect(try problem("I12x\n.").contains("lacks a whole number"))
    #expect(try problem("Fabc\n.").contains("lacks a number"))
    #expect(try problem("Sabc\n.").contains("quoted text"))
    #expect(try problem("V\\uZZZZ\n.").contains("broken escape"))
    #expect(try problem([0x80, 9]).contains("protocol 9"))
    #expect(try problem([0x97]).contains("buffers outside"))
    #expect(try problem([0xFF]).contains("unknown instruction 255"))
    #expect(try problem([0x8D] + [UInt8](repeating: 0xFF, count: 8)).contains("claims a text of"))
    #expect(try problem([0x8B, 0xFF, 0xFF, 0xFF, 0x7F]).contains("claims a text of 2147483647"))
    #expect(try problem([0x95] + [UInt8](repeating: 0xFF, count: 8)).contains("cut short"))
    #expect(
      try problem([UInt8](repeating: UInt8(ascii: "]"), count: 100_000)).contains("honestly hold"))
    #expect(
      try problem([UInt8](repeating: UInt8(ascii: "N"), count: 5_000_000)).contains("piles up"))
    #expect(try problem([UInt8](repeating: UInt8(ascii: "("), count: 5_000_000)).contains("nests"))
  }

  @Test func survivesEveryTruncation() throws {
    for version in 0...5 {
      let whole = Array(try Data(contentsOf: fixture("protocol\(version).pickle")))
      for length in 0..<whole.count {
        #expect(throws: ArrayFileError.self) { try read(Array(whole.prefix(length))) }
      }
    }
  }
}
