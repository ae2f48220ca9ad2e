import CytoselfAnalysis
import CytoselfAtlas
import FlyingFox
import Foundation
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// The server on this machine.
@Suite struct AtlasServerTests {
  private func made() throws -> MadeCells {
    let cells = try MadeCells(50)
    try cells.atlas().write(to: cells.path("atlas"))
    return cells
  }

  private func ask(
    _ files: AtlasFiles, _ path: String, method: HTTPMethod = .GET, host: String? = "127.0.0.1:8000"
  ) async throws -> HTTPResponse {
    var headers = HTTPHeaders()
    if let host { headers[.host] = host }
    return try await files.handleRequest(
      HTTPRequest(
        method: method, version: .http11, target: .init(path: path, query: ""), headers: headers,
        body: HTTPBodySequence()))
  }

  @Test func answersWithTheFilesOfTheFolderAndNothingElse() async throws {
    let cells = try made()
    try Data("secret".utf8).write(to: cells.path("secret.txt"))
    try FileManager.default.createSymbolicLink(
      at: cells.path("atlas/data/link.js"), withDestinationURL: cells.path("secret.txt"))
    let files = try AtlasFiles(cells.path("atlas"))
    for path in ["/", "/index.html", "/data/manifest.js", "/data/ids-0.js"] {
      let found = try await ask(files, path)
      #expect(found.statusCode == .ok, "\(path)")
      #expect(try await !found.bodyData.isEmpty)
    }
    let page = try await ask(files, "/data/manifest.js")
    #expect(page.headers[.contentType] == "text/javascript; charset=utf-8")
    for path in [
      "/../secret.txt", "/data/../../secret.txt", "/%2e%2e/secret.txt", "/data/link.js", "/data",
      "/data/", "//index.html", cells.path("secret.txt").path, "/e/cells.csv", "",
    ] {
      #expect(try await ask(files, path).statusCode == .notFound, "\(path)")
    }
  }

  @Test func refusesOtherMethodsAndOtherNames() async throws {
    let cells = try made()
    let files = try AtlasFiles(cells.path("atlas"))
    let head = try await ask(files, "/index.html", method: .HEAD)
    #expect(head.statusCode == .ok)
    #expect(try await head.bodyData.isEmpty)
    #expect(Int(head.headers[.contentLength] ?? "") ?? 0 > 100)
    for method in [HTTPMethod.POST, .PUT, .DELETE] {
      #expect(
        try await ask(files, "/index.html", method: method).statusCode == .methodNotAllowed)
    }
    for host in ["evil.example", "evil.example:80", "127.0.0.1.evil.example", nil] {
      #expect(try await ask(files, "/", host: host).statusCode == .misdirectedRequest)
    }
    #expect(try await ask(files, "/", host: "localhost").statusCode == .ok)
  }

  @Test func listensOnThisMachineUntilItIsCancelled() async throws {
    let cells = try made()
    let server = try AtlasServer(cells.path("atlas"), port: 0)
    let (addresses, told) = AsyncStream<URL>.makeStream()
    let task = Task { try await server.run { told.yield($0) } }
    var found: URL?
    for await address in addresses {
      found = address
      break
    }
    let address = try #require(found)
    #expect(address.host == "127.0.0.1" && address.port ?? 0 > 0)
    let (data, _) = try await URLSession.shared.data(from: address)
    #expect(data == (try Data(contentsOf: cells.path("atlas/index.html"))))
    // The port is taken now.
    let second = try AtlasServer(cells.path("atlas"), port: UInt16(try #require(address.port)))
    let error = await #expect(throws: AnalysisError.self) { try await second.run { _ in } }
    #expect(
      error?.description.hasPrefix("--port is \(address.port ?? 0); expected a free port") == true)
    task.cancel()
    _ = await task.result
  }

  @Test func knowsWhatIsNoAtlas() throws {
    let cells = try MadeCells(10)
    let error = #expect(throws: AnalysisError.self) {
      try AtlasServer(cells.path("e"), port: 0)
    }
    #expect(error?.description.contains("Give a folder that 'cytoself atlas' wrote") == true)
  }
}
