import ArrayFiles
import Foundation
import Testing

/// Mapped files that change under the process.
@Suite struct MappingFaultTests {
  @Test func aFileThatWasShortenedEndsInASentence() async throws {
    let result = await #expect(
      processExitsWith: .exitCode(74), observing: [\.standardErrorContent]
    ) {
      MappingFault.explain()
      let url = FileManager.default.temporaryDirectory.appending(path: "short-\(UUID().uuidString)")
      try Data(count: 1 << 20).write(to: url)
      let file = try MappedFile(url)
      try FileHandle(forUpdating: url).truncate(atOffset: 0)
      try FileManager.default.removeItem(at: url)
      print(file.bytes.reduce(0) { Int($0) + Int($1) })
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(text.contains("/short-"), "\(text)")
    #expect(text.contains("has become shorter"), "\(text)")
  }
}
