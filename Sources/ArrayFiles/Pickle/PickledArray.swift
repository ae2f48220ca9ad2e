import Foundation

/// NumPy arrays and numbers inside pickles, understood from their records.
enum PickledArray {
  /// An array in a pickle: its shape, type and data.
  struct Parts {
    var shape: [Int]
    var descriptor: NPYHeader.Descriptor
    var isFortranOrder: Bool
    /// Bytes, or a list of references for arrays of objects.
    var data: Pickle.Reference
  }

  /// The array a reference leads to, if it does.
  static func parts(_ pickle: Pickle, _ reference: Pickle.Reference, file url: URL) -> Parts? {
    guard let object = pickle.object(reference), let name = pickle.globalName(object.callable),
      name.hasPrefix("numpy."), name.hasSuffix("multiarray._reconstruct"),
      let state = object.state, let fields = pickle.elements(state), fields.count == 5,
      let shape = pickle.integers(fields[1]), shape.allSatisfy({ $0 >= 0 }),
      let descriptor = descriptor(pickle, fields[2], file: url),
      case .bool(let isFortranOrder) = pickle.value(fields[3])
    else { return nil }
    return Parts(
      shape: shape, descriptor: descriptor, isFortranOrder: isFortranOrder, data: fields[4])
  }

  /// The element type a pickled `dtype` describes.
  static func descriptor(
    _ pickle: Pickle, _ reference: Pickle.Reference, file url: URL
  ) -> NPYHeader.Descriptor? {
    guard let object = pickle.object(reference), let name = pickle.globalName(object.callable)
    else { return nil }
    // `StringDType` of NumPy 2: its texts are pickled as a list of objects.
    if name.hasPrefix("numpy."), name.hasSuffix("_internal._convert_to_stringdtype_kwargs") {
      return .object
    }
    guard name == "numpy.dtype", let arguments = pickle.elements(object.arguments),
      let first = arguments.first,
      let code = pickle.text(first)
    else { return nil }
    // The byte order is the second field of the state; '|' and '=' mean none and native.
    var order = "<"
    if let state = object.state, let fields = pickle.elements(state), fields.count > 1,
      pickle.text(fields[1]) == ">"
    {
      order = ">"
    }
    do throws(ArrayFileError) {
      return try NPYHeader.descriptor(order + (code == "O" ? "O8" : code), file: url)
    } catch {
      return nil
    }
  }

  /// The labels of a pickled object array.
  static func strings(
    _ pickle: Pickle, shape: [Int], file url: URL
  ) throws(ArrayFileError) -> [String] {
    guard let parts = parts(pickle, pickle.root, file: url), parts.descriptor == .object,
      let elements = pickle.elements(parts.data)
    else {
      throw ArrayFileError(
        .badData, url, problem: "its pickle does not describe an array of objects",
        advice: "Save the labels as text: numpy.save(path, labels.astype(str))")
    }
    guard parts.shape == shape, count(shape) == elements.count else {
      throw ArrayFileError(
        .badData, url,
        problem: "the header says shape \(shape), the pickle \(parts.shape) "
          + "with \(elements.count) values")
    }
    // Labels repeat; equal references need one decoding.
    var known: [Pickle.Reference: String] = [:]
    var values: [String] = []
    values.reserveCapacity(elements.count)
    for (place, element) in elements.enumerated() {
      if let text = known[element] {
        values.append(text)
        continue
      }
      guard let text = label(pickle, element, file: url) else {
        throw ArrayFileError(
          .badData, url, place: "element \(place)",
          problem: "is neither text nor a number",
          advice: pickle.elements(element) == nil
            ? "Save the labels as text: numpy.save(path, labels.astype(str))"
            : "Save the labels as a table: numpy.save(path, numpy.array(labels.tolist()))")
      }
      known[element] = text
      values.append(text)
    }
    return values
  }

  /// The product of a shape, or nil when it overflows.
  static func count(_ shape: [Int]) -> Int? {
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow else { return nil }
      count = product
    }
    return count
  }

  /// The text of a value as Python prints it, when it is text, a number or a truth value; empty for one that
  /// is missing: `None`, NaN, and those of pandas.
  static func label(_ pickle: Pickle, _ reference: Pickle.Reference, file url: URL) -> String? {
    switch pickle.value(reference) {
    case .none: ""
    case .text(let text): text
    case .bool(let value): value ? "True" : "False"
    case .integer(let value): String(value)
    case .real(let value): value.isNaN ? "" : "\(value)"
    case .global(let module, let name):
      module == "pandas._libs.missing" && name == "NA" ? "" : nil
    case .bytes(let bytes):
      bytes.withUnsafeBytes { UTF8Text.firstInvalid($0) } == nil
        ? String(decoding: bytes, as: UTF8.self) : nil
    case .object(let object): scalar(pickle, object, file: url)
    default: nil
    }
  }

  /// The text of a NumPy scalar: `multiarray.scalar(dtype, bytes)`.
  private static func scalar(_ pickle: Pickle, _ object: Pickle.Object, file url: URL) -> String? {
    let callable = pickle.globalName(object.callable)
    if callable == "pandas._libs.tslibs.nattype._nat_unpickle" { return "" }
    guard let name = callable, name.hasPrefix("numpy."),
      name.hasSuffix("multiarray.scalar"), let arguments = pickle.elements(object.arguments),
      arguments.count == 2, let descriptor = descriptor(pickle, arguments[0], file: url)
    else { return nil }
    let bytes: [UInt8]
    switch pickle.value(arguments[1]) {
    case .bytes(let found): bytes = found
    case .text(let text): bytes = Array(text.utf8)
    default: return nil
    }
    switch descriptor {
    case .elements(let type, bigEndian: false) where bytes.count == type.byteCount:
      if type.isFloatingPoint {
        return numbers(bytes, type, as: Double.self).map { $0.isNaN ? "" : "\($0)" }
      }
      return numbers(bytes, type, as: Int64.self).map {
        type == .bool ? ($0 == 0 ? "False" : "True") : String($0)
      }
    case .unicode(_, let bigEndian):
      return bytes.withUnsafeBytes { raw in
        do throws(ArrayFileError) {
          return try NPY.unicode(raw, bigEndian: bigEndian, file: url, element: 0)
        } catch {
          return nil
        }
      }
    case .bytes: return String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self)
    default: return nil
    }
  }

  private static func numbers<Number: GatheredNumber>(
    _ bytes: [UInt8], _ type: ElementType, as _: Number.Type
  ) -> Number? {
    [Number](unsafeUninitializedCapacity: 1) { buffer, initialized in
      bytes.withUnsafeBytes {
        GatherLayout(sizes: [1], strides: [1]).gather($0, type, into: buffer)
      }
      initialized = 1
    }.first
  }
}
