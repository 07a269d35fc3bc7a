"""In a real browser: one talk on a phone closes three, the desk by keyboard alone and without a script."""

from pathlib import Path

import pytest
import time_machine

from rapport.checkins.models import Conversation
from rapport.tasks.models import Task
from tests.care.conftest import asked, todo
from tests.care.scene import full_desk
from tests.cast import DAY, MONDAY

AXE = Path("node_modules/axe-core/axe.min.js")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def clock_of_that_monday():
    with time_machine.travel(MONDAY, tick=True):
        yield


@pytest.fixture
def two_calls(match, cora, ama, riverside):
    """Two things to talk about with Ama, and a check-in that is due."""
    todo(cora, riverside, "When can she be back?", somebody=ama, about=match)
    todo(cora, riverside, "Monthly talk we promised her.", somebody=ama, about=match, pressing=6)
    asked(match, ama, due_at=MONDAY - DAY)


def test_one_talk_on_a_phone_closes_three(phone, open_as, two_calls, cora, ama):
    page = open_as(phone, cora, "care:today")
    page.get_by_role("link", name="Talked with Ama").click()
    page.locator("label", has_text="In person").click()
    page.get_by_label("First said: who reads this").check()
    page.get_by_label("What Ama said").fill("Her mum is home again.")

    page.get_by_role("button", name="Save and close 3").click()

    page.get_by_text("Saved: your talk with Ama. 3 things are closed.").wait_for()
    page.get_by_text("Your desk is clear").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert Conversation.objects.get().words == "Her mum is home again."
    assert not Task.objects.open().exists()


def test_a_task_is_done_and_undone_by_keyboard_alone(desk, open_as, two_calls, cora):
    page = open_as(desk, cora, "care:today")

    press_until(page, "Done")
    page.get_by_text("Done: When can she be back?").wait_for()
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert Task.objects.open().count() == 1

    press_until(page, "Undo", backwards=True)
    page.get_by_text("Back on your desk: When can she be back?").wait_for()
    assert Task.objects.open().count() == 2


def press_until(page, words, *, backwards=False):
    """Tab until the focus lies on something with these words, and press Enter."""
    for _step in range(60):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        page.wait_for_function("!document.querySelector('.htmx-request, .htmx-settling, .htmx-swapping')")
        if page.evaluate("document.activeElement.innerText").strip().startswith(words):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"the focus never came to {words}")


def test_a_task_is_put_off_within_its_row(desk, open_as, two_calls, cora):
    page = open_as(desk, cora, "care:today")
    page.get_by_role("link", name="Put off").first.click()
    page.get_by_role("button", name="That day").click()
    page.get_by_text("Which day? Write it as 27 3 2026.").wait_for()
    assert page.get_by_text("Monthly talk we promised her.").is_visible()

    page.get_by_role("button", name="Tomorrow").click()

    page.get_by_text("Put off to Tuesday, 17 November: When can she be back?").wait_for()
    assert page.locator(".thing").count() == 1


def test_all_of_it_without_a_script(browser, open_as, two_calls, cora, live_server):
    context = browser.new_context(java_script_enabled=False)
    page = open_as(context.new_page(), cora, "care:today")

    page.get_by_role("link", name="Put off").first.click()
    page.get_by_role("button", name="Tomorrow").click()
    page.get_by_role("link", name="Talked with …").click()
    page.get_by_label("Their name, or how it begins").fill("am")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Ama Mensah").click()
    page.get_by_label("First said: who reads this").check()
    page.get_by_role("button", name="Save and close 2").click()

    page.get_by_text("Saved: your talk with Ama. 2 things are closed.").wait_for()
    context.close()


def test_a_name_is_found_while_it_is_typed(phone, open_as, two_calls, cora):
    page = open_as(phone, cora, "care:find")

    page.keyboard.type("me")  # the box has the focus

    page.get_by_role("link", name="Ama Mensah").click()
    page.get_by_role("heading", name="Talked with Ama Mensah").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_open_to_everybody(browser, open_as, match, cora, ama, ben, grace, scheme):
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci brings it")
    full_desk(match, cora, ama, ben, grace)
    call = Task.objects.filter(owner=cora, person=ama).first()
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page = context.new_page()
    wrong = {}
    for address, *args in (
        ("care:today",), ("care:find",), ("care:talk", ama.ref), ("care:add",), ("tasks:snooze", call.ref),
        ("care:hand-over", call.ref), ("tasks:done", call.ref),
    ):  # fmt: skip
        open_as(page, cora, address, *args)
        if address == "care:today":
            page.get_by_role("link", name="Talked with Ama").click()
            page.get_by_role("link", name="Put off").nth(5).click()
            page.locator(".more-row form").wait_for()
            page.locator(".wide-row form").wait_for()
        wrong[address] = faults(page)

    assert wrong == {address: [] for address in wrong}
    context.close()


def faults(page):
    """What axe finds wrong with a page."""
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("tags => axe.run({runOnly: tags})", WCAG)
    return [(one["id"], [node["html"][:150] for node in one["nodes"]]) for one in found["violations"]]
