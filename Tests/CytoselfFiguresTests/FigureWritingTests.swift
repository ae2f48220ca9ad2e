import ArrayFiles
import CytoselfFigures
import Foundation
import Testing

@Suite struct FigureWritingTests {
  /// A figure whose every title is a hostile label.
  func hostileFigure() throws -> Figure {
    try ImagePanels(
      rows: hostileLabels.map { label in
        [
          ImagePanels.Image(height: 2, width: 3, values: [0, 1, 2, 3, 4, 5], note: label),
          wave(1, 1),
        ]
      }, rowTitles: hostileLabels, columnTitles: Array(hostileLabels.suffix(2)),
      title: hostileLabels[1] + hostileLabels[0], valueName: hostileLabels[4]
    ).figure(named: "hostile")
  }

  @Test(.enabled(if: gnuplotIsHere)) func hostileLabelsAreOnlyDrawn() throws {
    let folder = try TemporaryFolder()
    let figure = try hostileFigure()
    let files = try figure.write(to: folder.url)
    try expectValidPictures(files, of: figure)
    #expect(
      folder.names == [
        "hostile.png", "hostile.svg", "hostile.pdf", "hostile.gnuplot", "hostile.images.rgb",
      ])
    // The labels arrive as text: the quotes and backquotes are seen in the SVG as they were.
    let svg = try String(contentsOf: try #require(files.pictures[.svg]), encoding: .utf8)
    #expect(svg.contains("`touch HACKED`"))
    #expect(svg.contains("&lt;b onmouseover="))
    #expect(!svg.contains("<b ") && !svg.contains("<script"))
  }

  @Test func scriptsHoldNoLabelInTheClear() throws {
    let script = try hostileFigure().script
    #expect(!script.contains("`") && !script.contains("@") && !script.contains("$"))
    #expect(!script.contains("system('") && !script.contains("system(\""))
  }

  @Test func withoutGnuplotTheSourcesAreWritten() throws {
    let folder = try TemporaryFolder()
    let none: [String: String] = ["PATH": folder.url.path]
    let error = #expect(throws: FigureError.self) { try Gnuplot.find(environment: none) }
    #expect(error?.kind == .missingPart)
    #expect(
      error?.message
        == "gnuplot, which draws the figures, was not found. Install it (Debian or Ubuntu: apt-get "
        + "install gnuplot-nox; macOS: brew install gnuplot; with conda: conda install -c conda-forge "
        + "gnuplot) or set CYTOSELF_GNUPLOT to the program."
    )
    let named = #expect(throws: FigureError.self) {
      try Gnuplot.find(environment: ["CYTOSELF_GNUPLOT": "/nowhere/gnuplot", "PATH": "/usr/bin"])
    }
    #expect(
      named?.message.hasPrefix("CYTOSELF_GNUPLOT names /nowhere/gnuplot, which is not a program.")
        == true)

    let figure = try contactSheet(rows: 1, columns: 1).figure(named: "sheet")
    let written = #expect(throws: FigureError.self) {
      try figure.write(to: folder.url, findingGnuplotIn: none)
    }
    #expect(written?.kind == .missingPart)
    #expect(written?.message.hasSuffix("draw it later with: gnuplot sheet.gnuplot") == true)
    #expect(folder.names == ["sheet.gnuplot", "sheet.images.rgb"])
  }

  @Test func aFailingProgramLeavesNothing() throws {
    let folder = try TemporaryFolder()
    let program = try script("echo 'line 3: no\u{7} such terminal' >&2; exit 1")
    let figure = try contactSheet(rows: 1, columns: 1).figure(named: "sheet")
    let error = #expect(throws: FigureError.self) {
      try figure.write(to: folder.url, gnuplot: Gnuplot(program: program.file))
    }
    #expect(
      error
        == FigureError(
          .failed, "gnuplot could not draw sheet.gnuplot as png: line 3: no  such terminal"))
    #expect(folder.names.isEmpty)
  }

  @Test func aProgramThatDrawsNothingIsNoticed() throws {
    let folder = try TemporaryFolder()
    let program = try script("exit 0")
    let figure = try contactSheet(rows: 1, columns: 1).figure(named: "sheet")
    let error = #expect(throws: FigureError.self) {
      try figure.write(to: folder.url, gnuplot: Gnuplot(program: program.file))
    }
    #expect(error?.message == "gnuplot ended without an error but drew no sheet.png.")
    #expect(folder.names.isEmpty)
  }

  @Test func aProgramThatHangsIsEnded() throws {
    let folder = try TemporaryFolder()
    let program = try script("trap '' TERM; exec sleep 60")
    let figure = try contactSheet(rows: 1, columns: 1).figure(named: "sheet")
    let started = ContinuousClock.now
    let error = #expect(throws: FigureError.self) {
      try figure.write(to: folder.url, gnuplot: Gnuplot(program: program.file, timeLimit: 0.3))
    }
    #expect(error?.kind == .failed)
    #expect(error?.message.contains("took longer than 0.3 seconds") == true)
    #expect(ContinuousClock.now - started < .seconds(30))
    #expect(folder.names.isEmpty)
  }

  @Test func anUnwritableFolderIsNamed() throws {
    let folder = try TemporaryFolder()
    let blocked = folder.url.appending(path: "file")
    try Data("x".utf8).write(to: blocked)
    let figure = try contactSheet(rows: 1, columns: 1).figure(named: "sheet")
    let error = #expect(throws: FigureError.self) {
      try figure.write(to: blocked.appending(path: "figures"))
    }
    #expect(error?.kind == .inputOutput)
    #expect(error?.message.contains(blocked.path) == true)
  }

  @Test func fileNamesComeFromAnyText() {
    #expect(Figure.fileName(for: "Nuclear membrane (2)") == "nuclear-membrane-2")
    #expect(Figure.fileName(for: "../../etc/passwd") == "etc-passwd")
    #expect(Figure.fileName(for: "日本") == "figure")
  }

  @Test func aScriptIsAlwaysTheSame() throws {
    let image = ImagePanels.Image(height: 2, width: 2, values: [0, 1, 2, 3])
    let script = try ImagePanels(rows: [[image]], title: "T").figure(named: "one").script
    #expect(
      script == """
        # Made by cytoself. Draw it again:  gnuplot one.gnuplot
        # In another format:  gnuplot -e "format='pdf'" one.gnuplot
        name = "one"
        if (!exists("format")) format = "png"
        set encoding utf8
        if (format eq "png") set terminal pngcairo size 317,375 enhanced font "Arial,8" fontscale \
        3.125 linewidth 4.1667 pointscale 4.1667 background "#ffffff"
        if (format eq "svg") set terminal svg size 76,90 enhanced font "Arial,8" linewidth 1 \
        background "#ffffff"
        if (format eq "pdf") set terminal pdfcairo size 1.0556in,1.25in enhanced font "Arial,8" \
        fontscale 0.75 linewidth 2 pointscale 1 background "#ffffff"
        set output name.".".format
        set datafile separator "\\t"
        set datafile missing "NaN"
        unset key
        set multiplot

        # Panel 1
        unset label; unset arrow; unset object; unset tics; unset border; unset colorbox
        unset logscale; unset xlabel; unset ylabel; set xrange [0:1]; set yrange [0:1]
        set label "T" at screen 0.10526,screen 0.87778 left noenhanced font "Arial:Bold,9" \
        textcolor rgb "#222222" front
        set lmargin at screen 0.00000
        set rmargin at screen 1.00000
        set tmargin at screen 1.00000
        set bmargin at screen 0.00000
        set xrange [0:76]; set yrange [90:0]
        plot name.".images.rgb" binary skip=0 array=(2,2) dx=30.0 dy=30.0 origin=(23.0,37.0) \
        format="%uchar" using 1:2:3 with rgbimage

        unset multiplot
        set output

        """)
  }

  /// A program for the test, in a folder of its own.
  private func script(_ body: String) throws -> (folder: TemporaryFolder, file: URL) {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "program")
    try Data("#!/bin/sh\n\(body)\n".utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    return (folder, file)
  }
}
