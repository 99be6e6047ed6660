import Testing

@testable import usher

struct FiguresTests {
  @Test func numbersAreGroupedByThousands() {
    #expect(Figures.grouped(0) == "0")
    #expect(Figures.grouped(999) == "999")
    #expect(Figures.grouped(1_234_567) == "1,234,567")
    #expect(Figures.grouped(-1000) == "-1,000")
  }

  @Test func bytesHaveTheUnitThatFits() {
    #expect(Figures.bytes(1023) == "1023 B")
    #expect(Figures.bytes(1536) == "1.5 KiB")
    #expect(Figures.bytes(1 << 31) == "2.0 GiB")
  }

  @Test func columnsAreAsWideAsWhatIsInThem() {
    let table = Table.text(heading: ["a", "b"], rows: [["long", "x"], ["", "y"], ["s", ""]])
    #expect(table == "a     b\n----  -\nlong  x\n      y\ns\n")
  }

  @Test func whatIsNoTerminalHasNoColours() throws {
    let recorder = try Recorder()
    #expect(!recorder.terminal.isTerminal)
    #expect(recorder.terminal.styled("red", .red) == "red")
    #expect(recorder.terminal.width == 80)
  }

  @Test func progressIsSilentInAPipe() throws {
    let recorder = try Recorder()
    var progress = Progress(on: recorder.terminal)
    progress.update { "half" }
    progress.finish("done")
    #expect(recorder.said.isEmpty)
  }
}
