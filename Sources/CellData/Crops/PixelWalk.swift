/// How pixels lie in memory and where they go: one channel of one crop.
struct PixelWalk {
  /// Element of the first output pixel.
  let start: Int
  /// Elements from one output row to the next.
  let rowStep: Int
  /// Elements from one output column to the next.
  let columnStep: Int
  /// Output rows.
  let rows: Int
  /// Output columns.
  let columns: Int
}
