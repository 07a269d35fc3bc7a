"""The frame of every page: bar, banners, messages, right to left, and the pages for when something went wrong."""

import re
from types import SimpleNamespace

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import Http404
from django.template.loader import render_to_string
from django.utils import translation

from rapport.core import banners, nav, notices, views
from tests.core.test_components import ERROR_PAGES, request_of


@pytest.fixture
def bar():
    """An empty bar and no banners; what the apps registered comes back afterwards."""
    kept = dict(nav._items), dict(banners._sayers)
    nav._items.clear()
    banners._sayers.clear()
    yield
    nav._items.clear()
    nav._items.update(kept[0])
    banners._sayers.clear()
    banners._sayers.update(kept[1])


def test_undo_is_a_press_and_never_a_link():
    request = request_of(_messages=None)
    request._messages = CookieStorage(request)
    notices.kept(request, "Three things are off your desk.", undo="/p/riverside/undo/")

    html = render_to_string("core/_messages.html", {}, request)

    assert "Three things are off your desk." in html
    assert '<form method="post" action="/p/riverside/undo/"' in html
    assert "csrfmiddlewaretoken" in html
    assert "href" not in html


def test_error_pages_need_neither_database_nor_reader():
    for name in ERROR_PAGES:
        html = render_to_string(name)
        assert "Back to the first page" in html
        assert "<script" not in html


def test_a_refusal_is_said_once():
    request = request_of(_messages=None)
    request._messages = CookieStorage(request)
    messages.error(request, "Ama and Ben are closed already.")

    html = render_to_string("core/refused.html", {"sentence": "Ama and Ben are closed already."}, request)

    assert html.count("Ama and Ben are closed already.") == 1
    assert request._messages.used


def test_a_form_not_sent_from_here_is_asked_for_again():
    response = views.csrf_failure(request_of())

    assert response.status_code == 403
    assert "Please send it again." in response.content.decode()


def test_pages_of_participants_load_no_script():
    html = render_to_string("core/participant_base.html", {}, request_of())

    assert "<script" not in html
    assert re.findall(r'rel="stylesheet" href="[^"]*?([\w.]+)"', html) == [
        "participant.css",
        "rapport.css",
    ]


def test_a_page_reads_from_the_right_where_its_language_does():
    with translation.override("ar"):
        html = render_to_string("core/participant_base.html", {}, request_of())

    assert '<html lang="ar" dir="rtl">' in html
    assert "participant.rtl.css" in html


def test_the_bar_shows_what_the_reader_may_open_here(bar, settings):
    settings.ROOT_URLCONF = __name__
    nav.register("Matches", "matches", right="MATCH_SEE", order=2)
    nav.register("Today", "today", right="TASK_SEE", order=1)
    nav.register("Concerns", "concerns", right="CONCERN_SEE")
    nav.register("Talked with …", "talked", right="TASK_SEE", as_button=True)
    cora = SimpleNamespace(is_authenticated=True, first_name="Cora")
    riverside = SimpleNamespace(slug="riverside", name="Riverside")
    request = request_of(cora, program=riverside, has_right=lambda right: right != "CONCERN_SEE")

    assert nav.items(request) == [
        ("Today", "/p/riverside/", False),
        ("Matches", "/p/riverside/matches/", True),
    ]
    assert nav.items(request, as_button=True) == [("Talked with …", "/p/riverside/talked/", False)]
    html = render_to_string("core/staff_base.html", {}, request)
    assert "Concerns" not in html
    assert '<a href="/p/riverside/matches/" aria-current="page">Matches</a>' in html
    assert "Riverside" in html
    assert "Cora" in html


def test_the_bar_is_empty_where_nobody_is_known_to_hold_rights(bar, settings):
    settings.ROOT_URLCONF = __name__
    nav.register("Matches", "matches", right="MATCH_SEE")
    omar = SimpleNamespace(is_authenticated=True, first_name="Omar")

    assert nav.items(request_of(omar, program=SimpleNamespace(slug="riverside", name="Riverside"))) == []
    assert nav.items(request_of(omar, has_right=lambda right: True)) == []
    assert nav.items(request_of()) == []


def test_a_banner_stands_above_the_page_while_there_is_something_to_say(bar):
    banners.register(lambda request: "The clock stands still since 6:00." if request.path == "/late/" else None)

    assert "The clock stands still" in render_to_string("core/staff_base.html", {}, request_of(path="/late/"))
    assert "The clock stands still" not in render_to_string("core/staff_base.html", {}, request_of(path="/"))


def test_participants_are_told_only_what_is_meant_for_everybody(bar):
    banners.register(lambda request: "The clock stands still since 6:00.")
    banners.register(lambda request: "This is a demo: nothing leaves it.", everywhere=True)

    html = render_to_string("core/participant_base.html", {}, request_of())

    assert "This is a demo" in html
    assert "The clock" not in html


def nothing(request, program):
    raise Http404


def _urls():
    from django.urls import path

    addresses = {
        "today": "",
        "matches": "matches/",
        "concerns": "concerns/",
        "talked": "talked/",
    }
    return [path(f"p/<slug:program>/{rest}", nothing, name=name) for name, rest in addresses.items()]


urlpatterns = _urls()
