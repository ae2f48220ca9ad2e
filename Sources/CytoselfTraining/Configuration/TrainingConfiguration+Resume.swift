import Yams

extension TrainingConfiguration {
  /// Settings that a resumed run may change: none of them has a part in which run it is.
  ///
  /// Threads and device change the last bits of results, as the message of a resume says.
  public static let changeableOnResume: Set<String> = [
    "preset", "data.path", "data.labels_table", "training.epochs", "training.stop_patience",
    "training.checkpoint_steps", "training.threads", "training.loader_threads", "training.device",
  ]

  /// Checks that this configuration continues the run of another.
  ///
  /// - Throws: ``TrainingError/settingChanged(key:run:requested:)``.
  public func requireContinuation(of run: TrainingConfiguration) throws(TrainingError) {
    let own = try settings()
    for (key, value) in try run.settings() where !Self.changeableOnResume.contains(key) {
      let requested = own[key] ?? "missing"
      if value != requested {
        throw .settingChanged(key: key, run: value, requested: requested)
      }
    }
  }

  /// Every setting on one line, by its path.
  private func settings() throws(TrainingError) -> [String: String] {
    var settings: [String: String] = [:]
    func walk(_ node: Node, _ path: [String]) {
      if let mapping = node.mapping, !mapping.isEmpty {
        for (key, value) in mapping { walk(value, path + [key.string ?? ""]) }
      } else {
        settings[path.joined(separator: ".")] = (try? Self.flow(node)) ?? ""
      }
    }
    walk(try StrictYAML.node(self), [])
    return settings
  }
}
