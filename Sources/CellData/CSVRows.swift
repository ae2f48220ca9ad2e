import ArrayFiles
import Foundation

/// Calls a closure for each record of a CSV file with the line it starts on.
func forEachRecord(
  of url: URL, _ body: (_ line: Int, _ fields: [String]) throws -> Void
) throws {
  let file = try MappedFile(url)
  let bytes = file.bytes
  var fields: [String] = []
  var field: [UInt8] = []
  var quoted = false
  var line = 1
  var start = 1
  var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  func finish() throws {
    fields.append(String(decoding: field, as: UTF8.self))
    field.removeAll(keepingCapacity: true)
    if fields != [""] { try body(start, fields) }
    fields.removeAll(keepingCapacity: true)
  }
  while index < bytes.count {
    let byte = bytes[index]
    if byte == 10 { line += 1 }
    if quoted {
      if byte == 34 {
        if index + 1 < bytes.count, bytes[index + 1] == 34 {
          field.append(34)
          index += 1
        } else {
          quoted = false
        }
      } else {
        field.append(byte)
      }
    } else if byte == 34, field.isEmpty {
      quoted = true
    } else if byte == 44 {
      fields.append(String(decoding: field, as: UTF8.self))
      field.removeAll(keepingCapacity: true)
    } else if byte == 10 {
      try finish()
      start = line
    } else if byte != 13 {
      field.append(byte)
    }
    index += 1
  }
  if !field.isEmpty || !fields.isEmpty { try finish() }
}
