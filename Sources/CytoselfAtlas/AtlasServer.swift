import CytoselfAnalysis
package import FlyingFox
import FlyingSocks
public import Foundation

/// Serves the files of one atlas to browsers on this machine, for those that refuse pages from disk.
///
/// It listens on 127.0.0.1 alone, answers GET and HEAD, and knows no file but those that lay in the folder
/// when it started; links are none of them. Requests that name another host are refused, so that a page
/// from elsewhere cannot read the atlas under a name of its own.
public struct AtlasServer: Sendable {
  private let handler: AtlasFiles
  private let port: UInt16

  /// A server of a folder.
  ///
  /// - Parameters:
  ///   - folder: an atlas.
  ///   - port: where it listens; 0 takes a free one.
  /// - Throws: `AnalysisError.missing` where the folder is no atlas.
  public init(_ folder: URL, port: UInt16) throws {
    handler = try AtlasFiles(folder)
    self.port = port
  }

  /// Whether a folder holds an atlas.
  public static func isAtlas(_ folder: URL) -> Bool {
    ["index.html", "data/manifest.js"].allSatisfy {
      FileManager.default.fileExists(atPath: folder.appending(path: $0).path)
    }
  }

  /// Serves until the task is cancelled.
  ///
  /// - Parameter ready: is told the address once there is an answer at it.
  /// - Throws: `AnalysisError.badOption` for a port that cannot be had.
  public func run(ready: @escaping @Sendable (URL) -> Void) async throws {
    let server = HTTPServer(
      address: try sockaddr_in.inet(ip4: "127.0.0.1", port: port), logger: .disabled,
      handler: handler)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        do {
          try await server.run()
        } catch let error as SocketError {
          guard case .failed(_, _, let reason) = error else { throw error }
          throw AnalysisError.badOption(
            name: "--port", value: "\(port)", expected: "a free port, or 0 for any (\(reason))")
        }
      }
      group.addTask {
        try await server.waitUntilListening()
        if case .ip4(_, let port)? = await server.listeningAddress,
          let url = URL(string: "http://127.0.0.1:\(port)/")
        {
          ready(url)
        }
      }
      // The first to end with an error ends the other too.
      for try await _ in group {}
    }
  }
}

/// The files of an atlas by the paths of requests.
package struct AtlasFiles: HTTPHandler {
  private let files: [String: URL]

  /// Lists a folder.
  ///
  /// - Throws: `AnalysisError.missing` where it is no atlas.
  package init(_ folder: URL) throws {
    guard AtlasServer.isAtlas(folder) else {
      throw AnalysisError.missing(
        path: folder.appending(path: "data/manifest.js").path,
        advice: "Give a folder that 'cytoself atlas' wrote.")
    }
    var files: [String: URL] = [:]
    for part in ["", "app", "data", "pictures"] {
      let place = part.isEmpty ? folder : folder.appending(path: part)
      let keys: Set<URLResourceKey> = [.isRegularFileKey, .isSymbolicLinkKey]
      let found =
        (try? FileManager.default.contentsOfDirectory(
          at: place, includingPropertiesForKeys: Array(keys))) ?? []
      for file in found {
        let facts = try file.resourceValues(forKeys: keys)
        guard facts.isRegularFile == true, facts.isSymbolicLink != true else { continue }
        files["/" + (part.isEmpty ? "" : part + "/") + file.lastPathComponent] = file
      }
    }
    files["/"] = files["/index.html"]
    self.files = files
  }

  /// Answers a request.
  package func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard Self.isLocal(request.headers[.host]) else {
      return HTTPResponse(statusCode: .misdirectedRequest)
    }
    guard request.method == .GET || request.method == .HEAD else {
      return HTTPResponse(
        statusCode: .methodNotAllowed, headers: HTTPHeaders([HTTPHeader("Allow"): "GET, HEAD"]))
    }
    guard let file = files[request.target.path()], let content = try? Data(contentsOf: file) else {
      return HTTPResponse(statusCode: .notFound)
    }
    let headers: HTTPHeaders = [
      .contentType: Self.contentType(file.pathExtension),
      .contentLength: "\(content.count)",
      .cacheControl: "no-cache",
      HTTPHeader("X-Content-Type-Options"): "nosniff",
    ]
    return HTTPResponse(
      statusCode: .ok, headers: headers, body: request.method == .GET ? content : Data())
  }

  /// Whether a request was sent to this machine by one of its own names.
  static func isLocal(_ host: String?) -> Bool {
    guard let host else { return false }
    let name = host.split(separator: ":", maxSplits: 1).first.map(String.init) ?? ""
    return name == "127.0.0.1" || name.lowercased() == "localhost"
  }

  private static func contentType(_ ending: String) -> String {
    switch ending {
    case "html": "text/html; charset=utf-8"
    case "js": "text/javascript; charset=utf-8"
    case "css": "text/css; charset=utf-8"
    case "jpg": "image/jpeg"
    default: "application/octet-stream"
    }
  }
}
