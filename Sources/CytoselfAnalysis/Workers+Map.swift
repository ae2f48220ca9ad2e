extension Workers {
  /// The results of a computation for 0..<count, in that order.
  func map<Result>(_ count: Int, _ body: (Int) -> Result) -> [Result] {
    [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
      guard let base = buffer.baseAddress else { return }
      forEach(count) { task, _ in (base + task).initialize(to: body(task)) }
      initialized = count
    }
  }
}
