"""Uses a `map.html` of `cytoself umap` in a browser as a person would, and checks what happens.

    check_map_page.py MAP.html [--browser /usr/bin/chromium] [--picture SHOT.png]

Needs playwright and Chromium. Checked: the page loads nothing from a network and reports no error; pointing
at a cell shows its id, labels and picture; the legend switches a group off and on; the lasso chooses cells
and their ids are saved as a table.
"""

import argparse
import pathlib

from playwright.sync_api import sync_playwright

# Where the cell of a trace lies on the screen.
PLACE = """index => {
  const map = document.getElementById('map'), trace = map.data[0], full = map._fullLayout;
  const box = map.getBoundingClientRect(), i = Math.min(index, trace.x.length - 1);
  return {x: box.left + full.xaxis._offset + full.xaxis.l2p(trace.x[i]),
          y: box.top + full.yaxis._offset + full.yaxis.l2p(trace.y[i])};
}"""
FRAME = """() => {
  const map = document.getElementById('map'), full = map._fullLayout;
  const box = map.getBoundingClientRect();
  return [box.left + full.xaxis._offset, box.top + full.yaxis._offset,
          full.xaxis._length, full.yaxis._length];
}"""
SHOWN = "document.getElementById('map').data.map(trace => trace.visible ?? true)"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("--browser", default="/usr/bin/chromium")
    parser.add_argument("--picture", type=pathlib.Path)
    options = parser.parse_args()

    with sync_playwright() as runner:
        browser = runner.chromium.launch(
            executable_path=options.browser, args=["--no-sandbox", "--enable-unsafe-swiftshader"]
        )
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        problems = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda m: m.type == "error" and problems.append(m.text))
        page.on(
            "request",
            lambda r: r.url.startswith(("file:", "data:", "blob:")) or problems.append(r.url),
        )
        page.goto(options.page.resolve().as_uri())
        page.wait_for_function("document.documentElement.dataset.ready === 'yes'")

        place = page.evaluate(PLACE, 5)
        page.mouse.move(place["x"] - 25, place["y"] - 25)
        page.mouse.move(place["x"], place["y"])
        page.wait_for_timeout(400)
        words = page.inner_text("#cell").split()
        assert words[0] == "id" and len(words) >= 4, words
        picture = page.evaluate("!document.getElementById('picture').hidden")
        print("pointing:", " ".join(words), "with a picture" if picture else "without a picture")

        toggle = page.locator(".legendtoggle").first
        for expected in ("legendonly", True):
            toggle.click()
            page.wait_for_timeout(1200)
            assert page.evaluate(SHOWN)[0] == expected, page.evaluate(SHOWN)
        print("legend: a group goes and comes back")

        page.click("#lasso")
        x, y, width, height = page.evaluate(FRAME)
        corners = [(0.02, 0.02), (0.98, 0.02), (0.98, 0.6), (0.02, 0.6), (0.02, 0.03)]
        page.mouse.move(x + width * corners[0][0], y + height * corners[0][1])
        page.mouse.down()
        for across, down in corners[1:]:
            page.mouse.move(x + width * across, y + height * down, steps=8)
        page.mouse.up()
        page.wait_for_timeout(800)
        chosen = page.inner_text("#chosen")
        count = int(chosen.split()[0].replace(",", ""))
        with page.expect_download() as download:
            page.click("#save")
        lines = download.value.path().read_text().splitlines()
        assert len(lines) == count + 1 and count > 0, (len(lines), chosen)
        print(f"lasso: {chosen} Saved with the columns {lines[0]}")

        if options.picture:
            page.screenshot(path=options.picture)
        assert not problems, problems
        print("no errors, nothing loaded from elsewhere")
        browser.close()


if __name__ == "__main__":
    main()
