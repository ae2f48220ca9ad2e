import Foundation

/// The learning rate over steps: up in a straight line, then down along half a cosine (Loshchilov and
/// Hutter 2017).
package struct CosineSchedule: Equatable, Sendable {
  /// The rate at the top.
  let rate: Double
  /// The steps of the whole run.
  let steps: Int
  /// The share of the steps in which the rate rises.
  let warmUp: Double
  /// The rate is never below this.
  let floor: Double

  /// A schedule of its constants.
  package init(rate: Double, steps: Int, warmUp: Double, floor: Double) {
    self.rate = rate
    self.steps = steps
    self.warmUp = warmUp
    self.floor = floor
  }

  /// The rate of a step, counted from 0.
  package func rate(step: Int) -> Double {
    let rising = (warmUp * Double(steps)).rounded(.up)
    if Double(step) < rising { return max(rate * Double(step + 1) / rising, floor) }
    let falling = max(Double(steps) - rising, 1)
    let progress = min((Double(step) - rising) / falling, 1)
    return max(rate * 0.5 * (1 + cos(Double.pi * progress)), floor)
  }
}
