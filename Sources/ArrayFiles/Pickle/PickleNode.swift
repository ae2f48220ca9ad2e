/// A stretch of the text of a pickle.
struct PickleSpan: Sendable {
  var start: UInt32
  var count: UInt32
}

/// A value in sixteen bytes; what is longer lies in a table beside it.
enum PickleNode: Sendable {
  case none
  case bool(Bool)
  case integer(Int64)
  case longInteger(PickleSpan)
  case real(Double)
  case text(PickleSpan)
  case bytes(PickleSpan)
  case list(Int32)
  case tuple(Int32)
  case set(Int32)
  case dictionary(Int32)
  case global(Int32)
  case object(Int32)
  case persistent(Int32)
}
