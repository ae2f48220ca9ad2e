import Dispatch
import Foundation

/// Work on several threads whose results are taken one by one, in order.
enum OrderedWork {
  /// Makes a result for every number of a range.
  ///
  /// Threads run ahead of the taker by a few results and no further, so that memory stays bounded.
  ///
  /// - Parameters:
  ///   - range: the numbers.
  ///   - threads: how many results are made at a time.
  ///   - make: makes a result, on any thread.
  ///   - take: is handed each result in order, on the calling thread; what it throws ends the work.
  static func run<Result: Sendable>(
    _ range: Range<Int>, threads: Int, make: @escaping @Sendable (Int) -> Result,
    take: (Int, Result) throws -> Void
  ) rethrows {
    let shelf = Shelf<Result>(range, ahead: threads + 2)
    let group = DispatchGroup()
    for _ in 0..<min(threads, range.count) {
      DispatchQueue.global().async(group: group) {
        while let number = shelf.nextNumber() { shelf.put(make(number), at: number) }
      }
    }
    defer {
      shelf.close()
      group.wait()
    }
    for number in range { try take(number, shelf.get(number)) }
  }

  /// Results that are made and not yet taken.
  private final class Shelf<Result: Sendable>: @unchecked Sendable {
    // Unchecked: everything is touched under the condition's lock alone.
    private let condition = NSCondition()
    private let end: Int
    private let ahead: Int
    private var next: Int
    private var taken: Int
    private var results: [Int: Result] = [:]
    private var isClosed = false

    init(_ range: Range<Int>, ahead: Int) {
      (next, taken, end) = (range.lowerBound, range.lowerBound, range.upperBound)
      self.ahead = ahead
    }

    /// The number to work on next; nil when there is none left.
    func nextNumber() -> Int? {
      condition.withLock {
        while next >= taken + ahead, next < end, !isClosed { condition.wait() }
        guard next < end, !isClosed else { return nil }
        next += 1
        return next - 1
      }
    }

    func put(_ result: Result, at number: Int) {
      condition.withLock {
        results[number] = result
        condition.broadcast()
      }
    }

    func get(_ number: Int) -> Result {
      condition.withLock {
        while true {
          if let result = results.removeValue(forKey: number) {
            taken = number + 1
            condition.broadcast()
            return result
          }
          condition.wait()
        }
      }
    }

    func close() {
      condition.withLock {
        isClosed = true
        condition.broadcast()
      }
    }
  }
}
