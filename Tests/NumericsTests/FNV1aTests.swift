import Numerics
import Testing

@Suite struct FNV1aTests {
  /// The vectors of RFC 9923.
  @Test func followsThePublishedVectors() {
    #expect(FNV1a().value == 0xCBF2_9CE4_8422_2325)
    #expect(FNV1a("a").value == 0xAF63_DC4C_8601_EC8C)
    #expect(FNV1a("foobar").value == 0x8594_4171_F739_67E8)
  }

  @Test func numbersAreTheirBytes() {
    var words = FNV1a()
    words.combine(0x6F6F_66 as UInt32)
    var bytes = FNV1a()
    for byte in [0x66, 0x6F, 0x6F, 0] as [UInt8] { bytes.combine(byte) }
    #expect(words == bytes)
    var floats = FNV1a()
    floats.combine([Float(bitPattern: 0x6F6F_66)])
    #expect(floats == bytes)
  }
}
