import Foundation

/// The numeric columns of a pickled pandas table, understood from its record.
///
/// pandas pickles a manager of blocks: each block is a matrix [columns, rows] with the places of its
/// columns in the table. Columns of text are passed over.
enum PandasTable {
  private static let longest = 1 << 18
  private static let mostBlocks = 64

  /// The columns, or nil when a reference does not lead to a table.
  static func columns(
    _ pickle: Pickle, _ reference: Pickle.Reference, file url: URL
  ) -> [TorchFile.Column]? {
    guard let table = pickle.object(reference),
      pickle.globalName(table.callable).map({
        $0.hasPrefix("pandas.") && $0.hasSuffix("DataFrame")
      }) ?? false,
      let state = table.state,
      let manager = pickle.entry("_mgr", of: state) ?? pickle.entry("_data", of: state),
      let object = pickle.object(manager)
    else { return nil }
    guard let (axes, blocks) = parts(pickle, object), let first = axes.first,
      let names = labels(pickle, first, file: url)
    else { return [] }
    var columns: [Int: [Double]] = [:]
    for block in blocks.prefix(mostBlocks) {
      guard let (values, placement) = block,
        let matrix = matrix(pickle, values, file: url),
        let places = places(pickle, placement, count: matrix.count, file: url)
      else { continue }
      for (place, row) in zip(places, matrix) { columns[place] = row }
    }
    return columns.sorted { $0.key < $1.key }.compactMap { place, values in
      names.indices.contains(place) ? TorchFile.Column(name: names[place], values: values) : nil
    }
  }

  private typealias Block = (values: Pickle.Reference, placement: Pickle.Reference)

  /// The axes and blocks of a manager, in the two ways pandas has pickled it.
  private static func parts(
    _ pickle: Pickle, _ manager: Pickle.Object
  ) -> (axes: [Pickle.Reference], blocks: [Block?])? {
    // Since 1.3: BlockManager((blocks), [axes]), each block _unpickle_block(values, places, rank).
    if let arguments = pickle.elements(manager.arguments), arguments.count >= 2,
      let blocks = pickle.elements(arguments[0]), let axes = pickle.elements(arguments[1])
    {
      return (
        axes,
        blocks.map { block in
          guard let object = pickle.object(block), let fields = pickle.elements(object.arguments),
            fields.count >= 2
          else { return nil }
          return (fields[0], fields[1])
        }
      )
    }
    // Before: a state whose last element is {'0.14.1': {'axes': .., 'blocks': [{..}]}}.
    guard let state = manager.state, let last = pickle.elements(state)?.last,
      let entry = pickle.entry("0.14.1", of: last), let axes = pickle.entry("axes", of: entry),
      let blocks = pickle.entry("blocks", of: entry)
    else { return nil }
    return (
      pickle.elements(axes) ?? [],
      (pickle.elements(blocks) ?? []).map { block in
        guard let values = pickle.entry("values", of: block),
          let places = pickle.entry("mgr_locs", of: block)
        else { return nil }
        return (values, places)
      }
    )
  }

  /// The names of an index: `_new_Index(class, {'data': array})`.
  private static func labels(
    _ pickle: Pickle, _ index: Pickle.Reference, file url: URL
  ) -> [String]? {
    guard let object = pickle.object(index), let arguments = pickle.elements(object.arguments),
      arguments.count >= 2, let data = pickle.entry("data", of: arguments[1]),
      let parts = textArray(pickle, data, depth: 0, file: url),
      let elements = pickle.elements(parts.data), elements.count <= longest
    else { return nil }
    return elements.map { PickledArray.label(pickle, $0, file: url) ?? "?" }
  }

  /// The array of objects inside an index: itself, or wrapped in pandas' own class of text.
  private static func textArray(
    _ pickle: Pickle, _ reference: Pickle.Reference, depth: Int, file url: URL
  ) -> PickledArray.Parts? {
    if let parts = PickledArray.parts(pickle, reference, file: url) {
      return parts.descriptor == .object ? parts : nil
    }
    guard depth < 4 else { return nil }
    var inner = pickle.elements(reference) ?? []
    if let state = pickle.object(reference)?.state { inner.append(state) }
    for place in inner.prefix(16) {
      if let found = textArray(pickle, place, depth: depth + 1, file: url) { return found }
    }
    return nil
  }

  /// The rows of a block of numbers.
  private static func matrix(
    _ pickle: Pickle, _ reference: Pickle.Reference, file url: URL
  ) -> [[Double]]? {
    guard let parts = PickledArray.parts(pickle, reference, file: url), parts.shape.count == 2,
      let numbers = numbers(pickle, parts, file: url), parts.shape[1] > 0
    else { return nil }
    let width = parts.shape[1]
    return (0..<parts.shape[0]).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
  }

  private static func numbers(
    _ pickle: Pickle, _ parts: PickledArray.Parts, file url: URL
  ) -> [Double]? {
    guard case .elements(let type, bigEndian: false) = parts.descriptor,
      let bytes = bytes(pickle, parts.data), let count = PickledArray.count(parts.shape),
      count <= longest, bytes.count == count * type.byteCount
    else { return nil }
    let layout = GatherLayout(
      sizes: parts.shape,
      strides: NPYFile.strides(of: parts.shape, fortranOrder: parts.isFortranOrder))
    return [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      bytes.withUnsafeBytes { layout.gather($0, type, into: buffer) }
      initialized = count
    }
  }

  /// Bytes, or what protocol 2 writes for them: `_codecs.encode(text, 'latin1')`.
  private static func bytes(_ pickle: Pickle, _ reference: Pickle.Reference) -> [UInt8]? {
    if case .bytes(let bytes) = pickle.value(reference) { return bytes }
    guard let object = pickle.object(reference),
      pickle.globalName(object.callable) == "_codecs.encode",
      let arguments = pickle.elements(object.arguments), let first = arguments.first,
      let text = pickle.text(first)
    else { return nil }
    let bytes = text.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
    return bytes.count == text.unicodeScalars.count ? bytes : nil
  }

  /// The places of a block's columns: a slice or an array of whole numbers.
  private static func places(
    _ pickle: Pickle, _ reference: Pickle.Reference, count: Int, file url: URL
  ) -> [Int]? {
    if let object = pickle.object(reference),
      pickle.globalName(object.callable)?.hasSuffix("slice") == true,
      let arguments = pickle.elements(object.arguments), arguments.count == 3,
      let start = pickle.integer(arguments[0]), let end = pickle.integer(arguments[1]),
      start >= 0, end >= start, end < longest
    {
      let step = pickle.integer(arguments[2]) ?? 1
      guard step > 0, step < longest else { return nil }
      return Array(Swift.stride(from: start, to: end, by: step))
    }
    guard let parts = PickledArray.parts(pickle, reference, file: url),
      let numbers = numbers(pickle, parts, file: url)
    else { return nil }
    return numbers.compactMap { Int(exactly: $0) }
  }
}
