package import Foundation

/// JSON as this program writes it: sorted keys, so that the same content is the same bytes.
package enum JSON {
  /// The JSON of a value, indented.
  package static func encode(_ value: some Encodable) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return try encoder.encode(value)
    } catch {
      preconditionFailure("Values made by this program encode to JSON: \(error)")
    }
  }
}
