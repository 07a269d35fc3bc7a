"""Raising a concern on a small phone, without any script."""

import pytest
from django.conf import settings
from django.urls import reverse

from rapport.safeguarding.models import Concern

pytestmark = pytest.mark.django_db(transaction=True)


def test_numbers_show_at_once_on_a_phone_without_script(browser, live_server, duty, cora, as_user):
    session = as_user(cora).cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("safeguarding:raise", args=["riverside"]))
    number = page.get_by_text("Call Lincoln School: 911")

    assert not number.is_visible()
    page.get_by_text("Yes", exact=True).click()
    assert number.is_visible()

    page.get_by_label("What happened?").fill("He does not want to go home.")
    page.get_by_role("button", name="Send it").click()
    page.get_by_role("heading", name="It has arrived", level=1).wait_for()
    assert number.is_visible()
    assert Concern.objects.get().risk == "immediate"
    context.close()
