import Pipeline
import Testing

@Suite("How far the reading of profiles has come")
struct RestoreProgressTests {
  @Test("what is left is told by the pace so far")
  func left() {
    var reading = RestoreProgress()
    #expect(reading.leftMs == nil && reading.percent == nil, "nothing is known yet")
    (reading.offsets, reading.allOffsets, reading.tookMs) = (250, 1000, 2000)
    #expect(reading.leftMs == 6000 && reading.percent == 25)
    (reading.offsets, reading.tookMs) = (1000, 8000)
    #expect(reading.leftMs == 0 && reading.percent == 100)
    // More may have come than was known of.
    reading.offsets = 1200
    #expect(reading.leftMs == nil && reading.percent == 100)
  }
}
