# SPDX-License-Identifier: MIT
"""For everyone: names for screen readers, contrast, keyboard, narrow and wide windows, dark and
light, less motion; and how much work the page is for the browser.
"""
import pathlib
import statistics

import pytest

from page_world import (KEPT_PAGE, VIEWS, Shown, one_browser,  # noqa: F401 (fixtures)
                        sample_shown)
from see import page

COLOURS = pathlib.Path(__file__).with_name("page_colours.js").read_text()
CONTROLS = {"button", "link", "textbox", "searchbox", "combobox", "slider", "radio", "checkbox",
            "DisclosureTriangle"}
LANDMARKS = {"banner", "main", "navigation", "search", "contentinfo"}
CONTRAST_LEAST, CONTRAST_LARGE = 4.5, 3.0  # WCAG 2.2, 1.4.3 (AA)
LARGE_PIXELS, LARGE_BOLD_PIXELS = 24, 18.66
NODES_MOST = 20_000  # of the page as it opens; the browser's work grows with them
CALLS_OF_LAYOUT_MOST = 40
LOADS = 5
WIDTHS = [360, 390, 768, 1280, 1920]


def tree(shown):
    nodes = shown.browser.call("Accessibility.getFullAXTree")["nodes"]
    return [(node["role"]["value"], node.get("name", {}).get("value", ""))
            for node in nodes if not node.get("ignored") and "role" in node]


def luminance(colour):
    """WCAG's relative luminance."""
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
                        for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def weak_texts(rows):
    weak = []
    for text, colour, under, pixels, bold in rows:
        large = pixels >= LARGE_PIXELS or bold and pixels >= LARGE_BOLD_PIXELS
        if contrast(colour, under) < (CONTRAST_LARGE if large else CONTRAST_LEAST):
            weak.append((text, colour, under, round(contrast(colour, under), 2)))
    return weak


def test_contrast_is_computed_right():
    assert round(contrast((0, 0, 0), (255, 255, 255)), 1) == 21
    assert round(contrast((119, 119, 119), (255, 255, 255)), 2) == 4.48
    assert weak_texts([["x", [119] * 3, [255] * 3, 16, False]])


@pytest.mark.parametrize("view", VIEWS)
def test_every_control_has_a_name(shown, view):
    shown.open(f"#point=6&view={view}")
    found = tree(shown)
    assert [role for role, name in found if role in CONTROLS and not name.strip()] == []
    assert LANDMARKS <= {role for role, _ in found}
    assert {"This moment"} <= {name for role, name in found if role == "heading"}
    assert len([role for role, _ in found if role in CONTROLS]) > 20


def test_tables_have_headers_and_regions_names(shown):
    for view in ("registers", "memory", "disk", "tables", "traffic", "paging"):
        shown.go(1, view)
        assert shown.ask("[...document.querySelectorAll('main table')].every((one) =>"
                         " one.querySelector('thead th[scope=col]') && one.caption.textContent)")
    found = tree(shown)
    assert [role for role, name in found if role == "region" and not name] == []


def test_headings_go_down_by_one(shown):
    for view in VIEWS:
        shown.go(10, view)
        levels = shown.ask("[...document.querySelectorAll('h1,h2,h3,h4')].filter((one) =>"
                           " one.checkVisibility()).map((one) => Number(one.tagName[1]))")
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after - before <= 1 for before, after in zip(levels, levels[1:])), levels


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_contrast(shown, view, theme):
    shown.browser.media(prefers_color_scheme=theme, prefers_reduced_motion="reduce")
    rows = []
    for point in (1, 2, 7, 10):
        shown.open(f"#point={point}&view={view}", width=1920)
        rows += shown.ask(COLOURS)
    assert len(rows) > 400 and weak_texts(rows) == []


def test_contrast_of_questions_and_results(shown):
    for theme in ("light", "dark"):
        shown.browser.media(prefers_color_scheme=theme)
        shown.open("#point=6&view=code")
        shown.ask("setPredict(true); settle('wrong'); byId('search').value = 'a20'; showResults();"
                  "byId('help').show()")
        assert weak_texts(shown.ask(COLOURS)) == []


def test_dark_and_light_by_system_and_by_switch(shown):
    paper = "getComputedStyle(document.body).backgroundColor"
    shown.browser.media(prefers_color_scheme="dark")
    shown.open()
    dark = shown.ask(paper)
    shown.browser.media(prefers_color_scheme="light")
    light = shown.ask(paper)
    assert dark != light
    for theme, colour in (("dark", dark), ("light", light), ("auto", light)):
        shown.ask(f"byId('theme').value = '{theme}'; byId('theme').dispatchEvent(new Event('change'))")
        assert shown.ask(paper) == colour


def test_bigger_text(shown):
    shown.open()
    size = "parseFloat(getComputedStyle(byId('now-body')).fontSize)"
    before = shown.ask(size)
    shown.browser.click("#text-switch")
    assert shown.ask(size) > 1.3 * before
    assert shown.ask("document.documentElement.scrollWidth <= innerWidth")
    shown.browser.click("#text-switch")
    assert shown.ask(size) == before


@pytest.mark.parametrize("width", WIDTHS)
def test_no_view_is_wider_than_the_window(shown, width):
    shown.open("#point=0&view=code", width, 800)
    for view in VIEWS:
        for point in (1, 2, 10):
            shown.go(point, view)
            assert shown.ask("document.documentElement.scrollWidth") <= width, (view, point)
    shown.ask("setPredict(true)")
    assert shown.ask("document.documentElement.scrollWidth") <= width


def test_a_wide_window_shows_registers_beside_the_view(shown):
    shown.open("#point=1&view=registers", 1920, 1080)
    assert shown.ask("[byId('view').dataset.view, byId('side').hidden]") == ["code", False]
    shown.open("#point=1&view=registers", 1280)
    assert shown.ask("[byId('view').dataset.view, byId('side').hidden]") == ["registers", True]


def test_everything_is_reached_by_tab_and_seen(shown):
    """Tab visits every control that is shown, in the page's order, each with the page's own frame around it."""
    shown.open("#point=6&view=tables")
    expected = shown.ask("[...document.querySelectorAll('a[href], button, input, select, summary,"
                         " [tabindex=\"0\"]')].filter((one) => one.checkVisibility()).length")
    visited = set()
    for _ in range(expected + 5):
        shown.browser.press("Tab")
        name, frame = shown.ask("(() => { const it = document.activeElement; it.dataset.visited ||="
                                " String(Math.random()); const style = getComputedStyle(it);"
                                " return [it.dataset.visited, it.matches('body') ||"
                                " style.outlineStyle === 'solid' && style.outlineWidth === '3px']; })()")
        visited.add(name)
        assert frame
    assert len(visited) >= expected


def test_the_skip_link_leads_to_the_moment(shown):
    shown.open("#point=2&view=disk")
    shown.browser.press("Tab")
    assert shown.ask("document.activeElement.className") == "skip"
    shown.browser.press("Enter")
    assert shown.ask("document.activeElement.id") == "main" and shown.ask("place.point") == 2


def test_less_motion(shown):
    motion = "getComputedStyle(document.querySelector('.dot')).transitionDuration"
    shown.browser.media(prefers_reduced_motion="no-preference")
    shown.open()
    assert shown.ask(motion) != "0s"
    shown.browser.media(prefers_reduced_motion="reduce")
    assert shown.ask(motion) == "0s"


def test_without_scripts_there_is_a_word_about_it(shown):
    shown.browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        shown.open()
        tree_text = " ".join(name for _, name in tree(shown))
        assert "needs JavaScript" in tree_text
    finally:
        shown.browser.call("Emulation.setScriptExecutionDisabled", value=False)


def opening(shown):
    """What opening costs: milliseconds until the page can be used, and counts of work."""
    shown.browser.call("Performance.enable")
    shown.open()
    ready = shown.ask("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    metrics = {one["name"]: one["value"]
               for one in shown.browser.call("Performance.getMetrics")["metrics"]}
    return ready, shown.ask("document.querySelectorAll('*').length"), metrics["LayoutCount"]


def test_opening_is_little_work(browser, tmp_path):
    """The time is a figure to read; the guard is on work: pieces of the page, layouts."""
    shown = Shown(browser, tmp_path, page.read(KEPT_PAGE))
    loads = [opening(shown) for _ in range(LOADS)]
    print(f"usable after {statistics.median(one[0] for one in loads):.0f} ms (median of {LOADS}), "
          f"{loads[0][1]} elements, {loads[0][2]:.0f} layouts, {shown.path.stat().st_size} bytes")
    assert loads[0][1] <= NODES_MOST and loads[0][2] <= CALLS_OF_LAYOUT_MOST
