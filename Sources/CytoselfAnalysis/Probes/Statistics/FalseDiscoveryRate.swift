/// The false discovery rate at which each p value would be called (Benjamini and Hochberg, 1995).
///
/// Returns a q value for each p value, in the same order.
public func falseDiscoveryRates(_ pValues: [Double]) -> [Double] {
  let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
  var rates = pValues
  var smallest = 1.0
  for (rank, index) in order.enumerated().reversed() {
    smallest = min(smallest, pValues[index] * Double(order.count) / Double(rank + 1))
    rates[index] = smallest
  }
  return rates
}
