# SPDX-License-Identifier: MIT
"""Predict, then step: the next state stays hidden, each question is answered by the recording, right
and wrong answers are told apart, and all of it goes by keyboard.
"""
import pytest

from page_world import one_browser, sample_shown  # noqa: F401 (fixtures)


@pytest.fixture(autouse=True)
def predicting(shown):
    shown.open()
    shown.browser.press("p")
    yield
    assert shown.browser.console == []


def question(shown, index):
    """The question after a point: [kind, text, right answer, choices]."""
    return shown.ask(f"(() => {{ const it = questionAfter({index}); return it && [it.kind, it.text,"
                     f" it.right, it.number ? null : shuffledChoices(it, {index})]; }})()")


def ask_at(shown, index):
    shown.go(index)
    return question(shown, index)


def choose(shown, text):
    shown.ask("[...document.querySelectorAll('#question input')]"
              f".find((one) => one.value === {text!r}).focus()")
    shown.browser.press(" ")
    shown.browser.press("Enter")


KINDS = {0: "disk", 1: "a20", 2: "a20", 3: "tables", 4: "mode", 5: "mode", 6: "bits", 7: "bits", 8: "mode",
         9: "mode", 10: "bits", 11: "walk"}


@pytest.mark.parametrize("index", KINDS)
def test_each_point_asks_and_knows(shown, index):
    kind, _, right, choices = ask_at(shown, index)
    assert kind == KINDS[index]
    if choices is not None:
        assert right in choices and len(choices) == len(set(choices)) >= 2
        assert shown.ask("[...document.querySelectorAll('#question input')].map((one) => one.value)") \
            == choices
    assert shown.text("#question legend") == question(shown, index)[1]


def test_right_answers_are_from_the_recording(shown):
    points = shown.points
    assert question(shown, 0)[2] == "5 sectors" == f"{points[1]['disk'][0]['count']} sectors"
    assert question(shown, 2)[2] == "open" and points[3]["a20"]
    assert question(shown, 3)[2] == "9000h" == f"{int(points[4]['registers']['gdtr_base'], 16):X}h"
    assert question(shown, 4)[2] == "protected mode, 16-bit"
    assert question(shown, 6)[2] == "PG becomes 1"
    assert question(shown, 7)[2] == "PSE becomes 0, PAE becomes 1"
    assert shown.ask("askNext(2).right") == "0000:8000, stage2"


def test_a_right_answer(shown):
    _, _, right, _ = ask_at(shown, 6)
    choose(shown, right)
    assert "Right" in shown.text("#verdict") and "CR0 was 11h and is 80000011h" in shown.text("#verdict")
    assert shown.text("#score") == "Score: 1 of 1 right"
    shown.browser.press("Enter")
    assert shown.point() == 7


def test_a_wrong_answer(shown):
    _, _, right, choices = ask_at(shown, 2)
    choose(shown, next(one for one in choices if one != right))
    assert "Not so. It is: open." in shown.text("#verdict")
    assert shown.texts(".choice.is-right") == ["open✓"]
    assert shown.text("#score") == "Score: 0 of 1 right"


def test_show_me_counts_as_asked(shown):
    ask_at(shown, 0)
    shown.browser.click("#question button[type=button]")
    assert "The answer: It is: 5 sectors" in shown.text("#verdict")
    assert shown.text("#score") == "Score: 0 of 1 right"


def test_a_typed_answer(shown):
    """The sample asks to walk where its mappings are new; here for the same question at any point."""
    shown.go(9)
    shown.ask("asked = {point: 9, question: {kind: 'walk', number: true, text: 'Where?', wrong: [],"
              " right: '200042h', explain: 'so'}, answered: false};"
              "show(byId('question'), questionForm(asked.question), scoreLine())")
    shown.ask("document.querySelector('#question input').focus()")
    shown.browser.type("0x200042")
    shown.browser.press("Enter")
    assert "Right" in shown.text("#verdict")


def test_a_question_about_paging_is_made_from_the_tables(shown):
    kind, text, right, choices = shown.ask(
        "(() => { const it = askWalk(12); return [it.kind, it.text, it.right, it.wrong]; })()")
    assert kind == "walk" and choices == []
    address = text.split("address ")[2].split("h lead")[0]
    assert shown.ask(f"hex(translate(12, 0x{address}n))") == right


@pytest.mark.parametrize("key", ["ArrowRight", "PageDown", "End"])
def test_the_next_point_is_hidden_until_the_answer(shown, key):
    ask_at(shown, 4)
    shown.ask("document.activeElement.blur()")
    shown.browser.press(key)
    assert shown.point() == 4 and shown.announced() == "Answer the question first."
    assert shown.ask("byId('question').contains(document.activeElement)")


def test_the_timeline_ends_at_the_present_point(shown):
    shown.go(4)
    reached = shown.ask("document.querySelector('.ladder .line').getBBox().width")
    shown.ask("document.activeElement.blur()")
    shown.browser.press("p")
    assert shown.ask("document.querySelector('.ladder .line').getBBox().width") > 1.5 * reached
    assert shown.ask("byId('predict').hidden")


def test_skipping_goes_to_a_bigger_change(shown):
    ask_at(shown, 1)
    shown.browser.click("#question button[type=button]:last-of-type")
    assert shown.point() == 2


def test_the_same_point_always_asks_the_same(shown):
    before = [question(shown, index) for index in range(12)]
    shown.open()
    assert [question(shown, index) for index in range(12)] == before


def test_a_screen_reader_hears_question_and_verdict(shown):
    ask_at(shown, 2)
    tree = shown.browser.call("Accessibility.getFullAXTree")["nodes"]
    groups = [node["name"]["value"] for node in tree
              if node.get("role", {}).get("value") == "group" and not node.get("ignored")]
    assert question(shown, 2)[1] in groups
    assert shown.ask("byId('verdict').getAttribute('aria-live')") == "polite"
