# SPDX-License-Identifier: MIT
"""Moving through the boot: keys, buttons, the mouse, links to a moment, back, play, search."""
import pytest

from page_world import VIEWS, one_browser, sample_shown  # noqa: F401 (fixtures)


@pytest.fixture(autouse=True)
def at_the_start(shown):
    shown.open()


def last(shown):
    return len(shown.points) - 1


def step_starts(shown):
    return [point["index"] for before, point in zip([{"step": 0}, *shown.points], shown.points)
            if before["step"] != point["step"]]


def test_opens_at_the_first_point(shown):
    assert "STAGE1" in shown.text("#now-body") and shown.text("#where") == f"0 / {last(shown)}"
    assert shown.ask("document.title").startswith("0: stage1")


def test_keys_go_point_by_point(shown):
    for number in (1, 2, 3):
        shown.browser.press("ArrowRight")
        assert shown.point() == number
    shown.browser.press("ArrowLeft")
    assert shown.point() == 2
    assert shown.points[2]["label"] in shown.text("#now-body")


def test_keys_go_step_by_step(shown):
    for start in step_starts(shown)[1:]:
        shown.browser.press("PageDown")
        assert shown.point() == start
    shown.browser.press("PageDown")
    assert shown.point() == last(shown)
    for start in reversed(step_starts(shown)):
        shown.browser.press("PageUp")
        assert shown.point() == start
    shown.browser.press("ArrowRight", shift=True)
    assert shown.point() == step_starts(shown)[1]


def test_home_and_end(shown):
    shown.browser.press("End")
    assert shown.point() == last(shown)
    shown.browser.press("ArrowRight")
    assert shown.point() == last(shown)
    shown.browser.press("Home")
    assert shown.point() == 0


def test_number_keys_choose_views(shown):
    for number, view in enumerate(VIEWS, 1):
        shown.browser.press(str(number))
        assert f"view={view}" in shown.ask("location.hash")
        assert shown.ask("document.querySelector('#views [aria-current]').dataset.view") == view


@pytest.mark.parametrize("button, start, end", [
    ("next", 2, 3), ("back", 2, 1), ("first", 2, 0), ("last", 2, None), ("step-next", 1, 2),
    ("step-back", 3, 2)])
def test_buttons(shown, button, start, end):
    shown.go(start)
    shown.browser.click(f'[data-move="{button}"]')
    assert shown.point() == (last(shown) if end is None else end)


def test_space_on_a_button_is_the_buttons(shown):
    shown.ask("document.querySelector('[data-move=next]').focus()")
    shown.browser.press(" ")
    assert shown.ask("document.querySelector('[data-move=play]').ariaLabel") == "Play"


def test_play_and_stop(shown):
    shown.browser.press(" ")
    assert shown.ask("document.querySelector('[data-move=play]').ariaLabel") == "Stop"
    shown.ask("new Promise((done) => placeListeners.push(done))")
    assert shown.point() >= 1
    shown.browser.press(" ")
    assert shown.ask("[player, document.querySelector('[data-move=play]').ariaLabel]") == [0, "Play"]


def test_a_click_on_the_ladder_goes_there(shown):
    x, y = shown.ask("(() => { const box = byId('ladder').getBoundingClientRect();"
                     " return [box.left + pointX[5], box.top + 20]; })()")
    shown.browser.click_at(x, y)
    assert shown.point() == 5


def test_a_click_on_a_steps_name_goes_to_its_beginning(shown):
    shown.follow(shown.browser.click, ".step-name:nth-of-type(3) text")
    assert shown.point() == step_starts(shown)[2]
    assert shown.ask("document.querySelector('.step-name[aria-current]').dataset.first") == \
        str(step_starts(shown)[2])


def test_the_ladder_is_as_high_as_the_mode(shown):
    heights = {}
    for point in shown.points:
        shown.go(point["index"])
        heights.setdefault(point["mode"], set()).add(
            shown.ask("document.querySelector('.dot').getAttribute('cy')"))
    assert all(len(found) == 1 for found in heights.values())
    real, long_, middle = (float(heights[mode].pop()) for mode in ("real", "long", "protected32"))
    assert real > middle > long_


def test_the_slider(shown):
    shown.ask("byId('slider').value = 4; byId('slider').dispatchEvent(new Event('input'))")
    assert shown.point() == 4
    assert "Point 4 of" in shown.ask("byId('slider').getAttribute('aria-valuetext')")


def test_zoom_keeps_the_point_in_sight(shown):
    shown.go(last(shown))
    for _ in range(3):
        shown.browser.click("#zoom-in")
    x, left, width = shown.ask("[pointX[place.point], byId('ladder').scrollLeft,"
                               " byId('ladder').clientWidth]")
    assert shown.ask("byId('ladder').scrollWidth") > 4 * width
    assert left <= x <= left + width


def test_a_link_leads_to_a_moment(shown):
    shown.open("#point=9&view=paging&at=200123h")
    assert shown.point() == 9 and "200123h" in shown.text("#walk-result")
    shown.open("#step=long_mode&view=tables")
    assert shown.ask("place.point") == step_starts(shown)[2]


@pytest.mark.parametrize("fragment", ["#point=99999", "#point=-3", "#point=x&view=nonsense",
                                      "#step=nothing", "#main", "#view=paging&at=%FF"])
def test_links_that_lead_nowhere_still_show_a_moment(shown, fragment):
    shown.open(fragment)
    assert 0 <= shown.ask("place.point") <= last(shown)
    assert shown.text("#now-body") and shown.browser.console == []


def test_back_returns_to_where_the_jump_began(shown):
    shown.go(2, "memory")
    for _ in range(3):
        shown.browser.press("ArrowRight")
    assert shown.point() == 5
    shown.follow(shown.ask, "history.back()")
    assert shown.point() == 2 and "view=memory" in shown.ask("location.hash")
    shown.follow(shown.ask, "history.back()")
    assert shown.ask("place.point") == 0


def test_a_held_key_is_never_too_fast_for_the_browser(shown):
    """Browsers ignore a page that changes its address too often; the address follows later."""
    shown.ask("(() => { for (let turn = 0; turn < 300; turn++)"
              " go({ point: 1 + turn % 12 }, 'step'); })()")
    assert shown.point() == 12 and shown.browser.console == []
    shown.ask("new Promise((done) => { const look = () => location.hash.includes('point=12&') ?"
              " done() : setTimeout(look, 20); look(); })")


def test_copy_link(shown):
    shown.browser.call("Browser.grantPermissions",
                       permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    shown.go(3, "disk")
    shown.browser.click("#copy-link")
    assert shown.ask("navigator.clipboard.readText()") == shown.ask("location.href")


def test_the_point_is_announced(shown):
    shown.browser.press("ArrowRight")
    assert shown.announced() == "Point 1, step 1 STAGE1, real mode, stage1.read"


def test_help_opens_and_closes(shown):
    shown.browser.press("?")
    assert shown.ask("byId('help').open")
    shown.browser.press("ArrowRight")
    assert shown.ask("place.point") == 0
    shown.browser.press("Escape")
    assert not shown.ask("byId('help').open")


@pytest.mark.parametrize("typed, text, place", [
    ("a20_open", "point 3: a20_open", "point=3"), ("main.c", "kernel/main.c", "at=kernel%2Fmain.c"),
    ("8020h", "point 3 is at 8020h", "point=3"), ("findme", "kernel/main.c:2", "main.c%3A2"),
    ("ready", "point 12: ready", "point=12"), ("92", "in 92h system control A", "point=2"),
    ("int 13h", "INT 13h AH=42h, read sectors", "point=1"), ("LONG_MODE", "3 LONG_MODE", "point=4"),
    ("page tables", "page tables", "view=memory"), ("0000:7d00", "point 1 is at 7D00h", "point=1"),
    ("on disk", "sector 1 of stage 2 on disk", "view=disk")])
def test_search_finds(shown, typed, text, place):
    shown.browser.press("/")
    shown.browser.type(typed)
    shown.ask("showResults()")
    found = shown.ask("[...document.querySelectorAll('#results a')]"
                      ".map((one) => [one.textContent, one.getAttribute('href')])")
    assert [href for words, href in found if text in words and place in href], found


def test_search_by_keyboard(shown):
    shown.browser.press("/")
    shown.browser.type("a20_open")
    shown.follow(shown.browser.press, "Enter")
    assert shown.point() == 3 and shown.ask("byId('results').hidden")


def test_search_says_when_there_is_nothing(shown):
    shown.browser.press("/")
    shown.browser.type("xyzzy")
    shown.ask("showResults()")
    assert "Nothing" in shown.text("#results")
    shown.browser.press("Escape")
    assert shown.ask("byId('results').hidden")
