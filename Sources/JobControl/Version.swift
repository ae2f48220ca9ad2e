/// The version of this package.
public enum Version {
  /// The version, as `cytoself --version` and every run's record have it.
  public static let current = "0.1.0"
}
