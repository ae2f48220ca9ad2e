import Numerics
import Testing

@Suite struct NumberTextTests {
  @Test(
    arguments: [
      (0, "0"), (2, "2"), (0.12345, "0.123"), (-45.67, "-45.7"), (999.96, "1000"),
      (1234.56, "1235"),
      (0.000045678, "4.57e-05"), (1e20, "1e+20"), (.infinity, "inf"),
    ] as [(Double, String)]) func numbersHaveThreeDigits(value: Double, text: String)
  {
    #expect(value.shortText == text)
  }

  @Test func zerosFillUpWholeNumbers() {
    #expect(7.padded(to: 3) == "007")
    #expect(1234.padded(to: 3) == "1234")
  }
}
