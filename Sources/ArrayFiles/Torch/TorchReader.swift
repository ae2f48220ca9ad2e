import Foundation

/// Finds tensors in the pickle of a file of `torch.save` and names them.
struct TorchReader {
  private typealias Reference = Pickle.Reference

  private let storages: any TorchStorages
  private let pickle: Pickle
  private let url: URL
  private let fileByteCount: Int
  private let cache = Cache()

  /// What many names may share is looked at once.
  private final class Cache {
    var blocks: [String: ByteBlock] = [:]
    var isModule: [Pickle.Reference: Bool] = [:]
  }

  /// Shared modules can be reached by exponentially many ways; no honest model has so many.
  private static let mostPlaces = 100_000
  private static let deepest = 100

  init(storages: any TorchStorages, url: URL, fileByteCount: Int) {
    self.storages = storages
    pickle = storages.pickle
    self.url = url
    self.fileByteCount = fileByteCount
  }

  // MARK: What there is

  /// The state dictionary or module inside a checkpoint.
  func stateOfCheckpoint(_ root: Pickle.Reference) -> Pickle.Reference? {
    guard !isModule(root), pickle.entries(root) != nil else { return nil }
    for key in ["model_state_dict", "state_dict", "model"] {
      if let state = pickle.entry(key, of: root),
        isModule(state) || pickle.entries(state) != nil, !isTensor(state)
      {
        return state
      }
    }
    return nil
  }

  /// Whether a reference leads to a pickled module.
  func isModule(_ reference: Pickle.Reference) -> Bool {
    guard let state = pickle.object(reference)?.state else { return false }
    if let known = cache.isModule[reference] { return known }
    let isModule =
      pickle.entry("_parameters", of: state) != nil && pickle.entry("_modules", of: state) != nil
    cache.isModule[reference] = isModule
    return isModule
  }

  /// The class of a pickled module.
  func className(_ reference: Pickle.Reference) -> String? {
    guard isModule(reference), let object = pickle.object(reference) else { return nil }
    return globalName(object.callable)
  }

  /// Classes of the older format are identifiers: `('module', class, file, source)`.
  private func globalName(_ reference: Pickle.Reference) -> String? {
    if let name = pickle.globalName(reference) { return name }
    if case .persistent(let identifier) = pickle.value(reference),
      let fields = pickle.elements(identifier), fields.count >= 2,
      pickle.text(fields[0]) == "module"
    {
      return pickle.globalName(fields[1])
    }
    return nil
  }

  /// The plain numbers at the top of a checkpoint.
  func numbers(_ root: Pickle.Reference) -> [String: Double] {
    var result: [String: Double] = [:]
    for entry in pickle.entries(root) ?? [] {
      if let key = pickle.text(entry.key), let number = number(entry.value) { result[key] = number }
    }
    return result
  }

  /// The columns of the first pandas table at the top of a checkpoint.
  func history(_ root: Pickle.Reference) -> [TorchFile.Column] {
    for entry in pickle.entries(root) ?? [] {
      if let columns = PandasTable.columns(pickle, entry.value, file: url) { return columns }
    }
    return []
  }

  /// The optimiser of a checkpoint.
  func optimizer(_ root: Pickle.Reference) throws(ArrayFileError) -> TorchFile.Optimizer? {
    guard let saved = pickle.entry("optimizer_state_dict", of: root),
      let state = pickle.entry("state", of: saved),
      let groups = pickle.entry("param_groups", of: saved)
    else { return nil }
    var found: [NamedArray] = []
    for parameter in pickle.entries(state) ?? [] {
      guard let number = pickle.integer(parameter.key) else { continue }
      for entry in pickle.entries(parameter.value) ?? [] where isTensor(entry.value) {
        guard found.count < Self.mostPlaces else { throw tooMany() }
        found.append(try array(entry.value, name: "\(number).\(pickle.text(entry.key) ?? "?")"))
      }
    }
    try checkTotal(found)
    return TorchFile.Optimizer(
      arrays: found, groups: (pickle.elements(groups) ?? []).prefix(1000).map { numbers($0) })
  }

  private func number(_ reference: Reference) -> Double? {
    switch pickle.value(reference) {
    case .integer(let value): Double(value)
    case .real(let value): value
    default: nil
    }
  }

  // MARK: Tensors by name

  /// The tensors of a state dictionary or a module, in order.
  func arrays(_ root: Pickle.Reference) throws(ArrayFileError) -> [NamedArray] {
    var found: [NamedArray] = []
    var names: Set<String> = []
    var places = 0
    var pending: [(reference: Reference, prefix: String, depth: Int)] = [(root, "", 0)]
    while let (reference, prefix, depth) = pending.popLast() {
      places += 1 + (pickle.entries(reference)?.count ?? 0)
      guard places <= Self.mostPlaces, depth <= Self.deepest else { throw tooMany() }
      if isTensor(reference) {
        let name = String(prefix.dropLast())
        guard names.insert(name).inserted else {
          throw ArrayFileError(
            .badData, url, place: "tensor '\(name.prefix(200))'", problem: "occurs twice")
        }
        found.append(try array(reference, name: name))
        continue
      }
      // Children go on the stack in reverse, so that they come off in order.
      for (name, child) in children(reference).reversed() {
        pending.append((child, prefix + name + ".", depth + 1))
      }
    }
    try checkTotal(found)
    return found
  }

  private func children(_ reference: Reference) -> [(name: String, reference: Reference)] {
    guard isModule(reference) else {
      var entries = pickle.entries(reference) ?? []
      entries.removeAll { pickle.text($0.key) == "_metadata" }
      return entries.compactMap { entry in pickle.text(entry.key).map { ($0, entry.value) } }
    }
    guard let state = pickle.object(reference)?.state else { return [] }
    let fleeting = Set(
      (pickle.entry("_non_persistent_buffers_set", of: state).flatMap(setElements) ?? [])
        .compactMap { pickle.text($0) })
    var result: [(String, Reference)] = []
    for part in ["_parameters", "_buffers", "_modules"] {
      guard let values = pickle.entry(part, of: state) else { continue }
      for entry in pickle.entries(values) ?? [] {
        guard let name = pickle.text(entry.key), part != "_buffers" || !fleeting.contains(name)
        else { continue }
        result.append((name, entry.value))
      }
    }
    return result
  }

  /// The elements of a set, also as protocols before 4 write it: `set([..])`.
  private func setElements(_ reference: Reference) -> [Reference]? {
    if let elements = pickle.elements(reference) { return elements }
    guard let object = pickle.object(reference),
      let arguments = pickle.elements(object.arguments), let first = arguments.first
    else { return nil }
    return pickle.elements(first)
  }

  private func isTensor(_ reference: Reference) -> Bool {
    guard let object = pickle.object(reference), let name = pickle.globalName(object.callable)
    else { return false }
    return name.hasPrefix("torch.") && name.contains("._rebuild_")
  }

  // MARK: One tensor

  private func array(_ reference: Reference, name: String) throws(ArrayFileError) -> NamedArray {
    var reference = reference
    // A parameter holds a tensor, a tensor of another class holds its maker; neither nests deeply.
    for _ in 0..<4 {
      guard let object = pickle.object(reference),
        var callable = pickle.globalName(object.callable),
        var arguments = pickle.elements(object.arguments)
      else { break }
      if callable == "torch._tensor._rebuild_from_type_v2", arguments.count >= 3,
        let maker = pickle.globalName(arguments[0]), let inner = pickle.elements(arguments[2])
      {
        callable = maker
        arguments = inner
      }
      switch callable {
      case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
        guard let first = arguments.first else { throw bad(name, "lacks its tensor") }
        reference = first
      case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2":
        return try array(arguments, type: nil, name: name)
      case "torch._utils._rebuild_tensor_v3":
        guard arguments.count >= 7, let dtype = pickle.globalName(arguments[6]),
          let type = ElementType(rawValue: String(dtype.dropFirst("torch.".count)))
        else { throw bad(name, "has an element type that is not known here") }
        return try array(arguments, type: type, name: name)
      default:
        throw bad(
          name,
          "is made by \(callable), which is not known here: sparse, quantized and "
            + "device-only tensors are not read")
      }
    }
    throw bad(name, "is described in a way that is not known here")
  }

  private func array(
    _ arguments: [Reference], type: ElementType?, name: String
  ) throws(ArrayFileError) -> NamedArray {
    guard arguments.count >= 4, case .persistent(let identifier) = pickle.value(arguments[0]) else {
      throw bad(name, "does not refer to a storage")
    }
    guard let storage = TorchStorageName(pickle, identifier) else {
      throw bad(name, "has a storage of a type that is not known here")
    }
    guard let offset = pickle.integer(arguments[1]), let shape = pickle.integers(arguments[2]),
      let strides = pickle.integers(arguments[3]), shape.count <= NPYHeader.highestRank
    else { throw bad(name, "has a shape that makes no sense") }
    let array = try NamedArray(
      name: name, elementType: type ?? storage.type, shape: shape, strides: strides,
      offset: offset, block: try block(storage.key), file: url)
    // A stride of zero repeats one element without end.
    guard array.count <= max(fileByteCount, 1 << 20) / array.elementType.byteCount else {
      throw bad(name, "of shape \(shape) is larger than the whole file")
    }
    return array
  }

  private func block(_ key: String) throws(ArrayFileError) -> ByteBlock {
    if let known = cache.blocks[key] { return known }
    let block = try storages.block(key)
    cache.blocks[key] = block
    return block
  }

  private func checkTotal(_ arrays: [NamedArray]) throws(ArrayFileError) {
    var total = 0
    for array in arrays { total += array.byteCount }
    guard total <= max(fileByteCount, 1 << 20) * 4 else {
      throw ArrayFileError(
        .badData, url, problem: "holds \(total) bytes of tensors in a file of \(fileByteCount)")
    }
  }

  private func tooMany() -> ArrayFileError {
    ArrayFileError(.badData, url, problem: "holds modules nested more deeply than makes sense")
  }

  private func bad(_ name: String, _ problem: String) -> ArrayFileError {
    ArrayFileError(
      .badData, url, place: "tensor '\(name.prefix(200))'", problem: problem,
      advice: "Save the weights with torch.save(model.state_dict(), path)")
  }
}
