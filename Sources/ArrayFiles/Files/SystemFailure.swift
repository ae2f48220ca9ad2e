import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension ArrayFileError {
  /// The error for a failed system call, from `errno`.
  static func system(_ code: Int32, _ url: URL, doing action: String) -> ArrayFileError {
    let reason = String(cString: strerror(code))
    switch code {
    case ENOENT, ENOTDIR:
      return ArrayFileError(
        .missingInput, url, problem: "could not \(action): \(reason)",
        advice: "Check the path for a typing mistake")
    case EACCES, EPERM, EROFS:
      return ArrayFileError(
        .inputOutput, url, problem: "could not \(action): \(reason)",
        advice: "Change the permissions or choose another place")
    case ENOSPC, EDQUOT:
      return ArrayFileError(
        .inputOutput, url, problem: "could not \(action): \(reason)",
        advice: "Free some space or choose another disk; nothing was left under this name")
    default:
      return ArrayFileError(.inputOutput, url, problem: "could not \(action): \(reason)")
    }
  }
}
