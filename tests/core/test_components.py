"""The pieces pages are made of: what they say, what they tie together, and that nothing raw reaches the browser."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

import rapport.core
from rapport.core import views
from rapport.core.fields import Day, OneLine
from rapport.core.templatetags.house import bar_parts, owed

TEMPLATES = Path(rapport.core.__file__).parent / "templates"
PIECES = sorted(file.stem for file in (TEMPLATES / "cotton").glob("*.html"))
ERROR_PAGES = ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"]
TUESDAY = datetime(2026, 11, 17, 9, tzinfo=UTC)
HOUSE = TEMPLATES.parents[1]
AGAINST_THE_HOUSE = {
    "a style attribute": r"\sstyle=",
    "a script inside the page": r"<script(?![^>]*\ssrc=)",
    "a handler inside the page": r"\son[a-z]+=[\"']",
    "a filter in a dynamic attribute": r"<c-[^>]*\s:[\w-]+=\"[^\"]*\|",
    "words read as Python": r"<c-[^>]*\s:[\w-]+=\"\{\{",
    "a partial, which breaks components": r"partialdef",
    "attributes that nothing escapes": r"\{\{\s*attrs",
}
RAW = re.compile(
    r"</?c-|\{%|%\}|\{\{|\}\}|__COTTON| style=|<script(?![^>]* src=)| on[a-z]+=",
    re.IGNORECASE,
)


class Goodbye(forms.Form):
    day = Day(label="Day of the last meeting")
    said = forms.ChoiceField(
        label="What Ben said",
        choices=[("a", "Asked"), ("b", "Not asked")],
        widget=forms.RadioSelect,
    )
    note = OneLine(label="Note", required=False)


def draw(source, request=None, **context):
    """A template written in the test, through the same loader and compiler as a file."""
    from django_cotton.compiler_regex import CottonCompiler

    return engines["django"].from_string(CottonCompiler().process(source)).render(context, request)


def request_of(user=None, **more):
    request = RequestFactory().get(more.pop("path", "/p/riverside/matches/"))
    request.user = user or AnonymousUser()
    for name, value in more.items():
        setattr(request, name, value)
    return request


def ids_of(html):
    return re.findall(r'\sid="([^"]+)"', html)


def components_page(settings):
    settings.DEBUG = True
    return views.components(request_of()).content.decode()


def test_nothing_raw_reaches_the_browser(settings):
    assert RAW.findall(components_page(settings)) == []
    assert [name for name in ERROR_PAGES if RAW.search(render_to_string(name))] == []


def house_templates():
    return {str(file.relative_to(HOUSE)): file.read_text() for file in sorted(HOUSE.glob("*/templates/**/*.html"))}


def declared(piece):
    """The attributes a piece declares, and its slots."""
    found = re.search(
        r"<c-vars\s(.*?)/>",
        (TEMPLATES / "cotton" / f"{piece}.html").read_text(),
        re.DOTALL,
    )
    return set(re.findall(r":?([\w-]+)=", found[1])) if found else set()


@pytest.mark.parametrize(("what", "pattern"), AGAINST_THE_HOUSE.items())
def test_no_template_of_the_house_holds(what, pattern):
    assert [name for name, text in house_templates().items() if re.search(pattern, text)] == []


def test_templates_use_pieces_that_exist_with_attributes_they_declare():
    strange = []
    for name, text in house_templates().items():
        text = re.sub(
            r"{%.*?%}|{{.*?}}|{#.*?#}",
            "",
            re.sub(r"{% comment %}.*?{% endcomment %}", "", text, flags=re.DOTALL),
        )
        for tag, attributes in re.findall(r"<c-(?!vars|slot)([\w-]+)((?:[^\"'>]|\"[^\"]*\"|'[^']*')*)>", text):
            piece = tag.replace("-", "_")
            given = set(
                re.findall(
                    r"\s:?([\w-]+)(?==|\s|/|$)",
                    re.sub(r"=(\"[^\"]*\"|'[^']*')", "= ", attributes),
                )
            )
            unknown = given - declared(piece) if piece in PIECES else {"no such piece"}
            strange += [(name, tag, word) for word in sorted(unknown)]

    assert strange == []


def test_every_piece_is_shown_on_the_page_of_components_and_in_the_guide(settings):
    shown = "".join(file.read_text() for file in (TEMPLATES / "core").glob("*components*.html"))
    pieces = "".join(file.read_text() for file in (TEMPLATES / "cotton").glob("*.html"))
    guide = (Path(rapport.core.__file__).parents[2] / "docs" / "components.md").read_text()
    names = [f"c-{piece.replace('_', '-')}" for piece in PIECES]
    whole = {"c-form-page"}  # a page by itself stands on no other

    assert [name for name in names if name not in whole and f"<{name}" not in shown + pieces] == []
    assert [name for name in names if f"`{name}`" not in guide] == []


def test_every_piece_begins_with_what_it_is():
    openings = {piece: (TEMPLATES / "cotton" / f"{piece}.html").read_text() for piece in PIECES}

    assert [piece for piece, text in openings.items() if not re.match(r"({% load [\w ]+ %})?{% comment %}", text)] == []


def test_no_id_stands_twice_on_the_page_of_components(settings):
    ids = ids_of(components_page(settings))

    assert [name for name in set(ids) if ids.count(name) > 1] == []


def test_the_page_of_components_is_for_a_demo_or_debug_only(settings):
    settings.DEBUG = settings.IS_DEMO = False

    with pytest.raises(Http404):
        views.components(request_of())


def test_every_error_above_a_form_leads_to_its_field():
    form = Goodbye({"day": "31 11 2026", "note": "a\nb"})

    html = draw(
        '<c-form-errors :form="form" />{% for f in form %}<c-field :field="f" />{% endfor %}',
        form=form,
    )

    assert "Three things to put right" in html
    assert re.findall(r'href="#([^"]+)">([^<]+)<', html) == [
        ("id_day", "31 November does not exist. November has 30 days."),
        ("id_said_0", "This field is required."),
        ("id_note", "This must be one line."),
    ]
    assert {"id_day", "id_said_0", "id_note"} <= set(ids_of(html))


def test_a_form_with_nothing_wrong_has_no_summary():
    form = Goodbye({"day": "30 11 2026", "said": "a"})

    assert draw('<c-form-errors :form="form" />', form=form).strip() == ""


def test_what_is_wrong_with_the_whole_form_is_said_above_it():
    form = Goodbye({"day": "30 11 2026", "said": "a"})
    form.add_error(None, "Ama and Ben are closed already.")

    html = draw('<c-form-errors :form="form" />', form=form)

    assert "One thing to put right" in html
    assert "<li>Ama and Ben are closed already.</li>" in html


def test_a_wrong_field_is_tied_to_its_hint_and_its_error():
    html = draw('<c-field :field="form.day" />', form=Goodbye({"day": "31 11 2026"}))
    control = re.search(r"<input[^>]+>", html)[0]

    assert 'aria-describedby="id_day-h id_day-e"' in control
    assert 'aria-invalid="true"' in control
    assert 'class="form-control"' in control
    assert 'value="31 11 2026"' in control
    assert {"id_day-h", "id_day-e"} <= set(ids_of(html))
    assert "wrong" in html


def test_a_right_field_is_tied_to_nothing_wrong():
    html = draw('<c-field :field="form.note" />', form=Goodbye({"note": "Painted"}))

    assert "aria-invalid" not in html
    assert "aria-describedby" not in html
    assert "wrong" not in html


def test_what_need_not_be_filled_says_so():
    form = Goodbye()

    assert "(if you like)" in draw('<c-field :field="form.note" />', form=form)
    assert "(if you like)" not in draw('<c-field :field="form.day" /><c-field :field="form.said" />', form=form)


def test_a_choice_shows_what_was_chosen():
    html = draw('<c-choice :field="form.said" />', form=Goodbye({"said": "b"}))

    assert re.findall(r'value="(\w)"( checked)?', html) == [
        ("a", ""),
        ("b", " checked"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        '<c-page :title="name" />',
        '<c-page title="{{ name }}" />',
        '<c-form-page :title="name" :lead="name" :press="name" back="/" :back_to="name" />',
        "<c-pill>{{ name }}</c-pill>",
        '<c-card :title="name">x</c-card>',
        '<c-table :caption="name" :columns="names"></c-table>',
        '<c-empty :title="name">x</c-empty>',
        '<c-button-form :label="name" :describe="name" name="x" :value="name" />',
        '<c-faces name="f" :legend="name" :error="name" />',
        '<c-bar :label="name" />',
        '<c-owed :words="name" />',
        '<c-standing state="watch" :words="name" />',
        "<c-crumbs>{{ name }}</c-crumbs>",
    ],
)
def test_a_name_stays_a_name(source):
    name = '"><script>alert(1)</script>{{ 7 }}<c-page>'

    html = draw(source, name=name, names=[name])

    assert "<script>" not in html
    assert "<c-page" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    ("state", "shape", "word"),
    [
        ("thriving", "m-thriving", "Thriving"),
        ("help", "m-help", "Needs help"),
        ("needs_help", "m-help", "Needs help"),
        ("unknown", "m-unknown", "Unknown"),
        ("", "m-unknown", "Unknown"),
        ("green", "m-unknown", "Unknown"),
    ],
)
def test_what_nobody_knows_looks_unknown(state, shape, word):
    html = draw('<c-standing :state="state" />', state=state)

    assert f'href="#{shape}"' in html
    assert word in html


@pytest.mark.parametrize(
    ("due_on", "late_on", "said"),
    [
        (None, None, ("none", "nothing due")),
        (date(2026, 11, 15), None, ("late", "2 days late")),
        (date(2026, 11, 16), None, ("late", "1 day late")),
        (date(2026, 11, 16), date(2026, 11, 19), ("", "since Monday")),
        (date(2026, 11, 2), date(2026, 11, 19), ("", "since 2 November")),
        (date(2026, 11, 17), None, ("", "today")),
        (date(2026, 11, 17), date(2026, 11, 17), ("late", "late today")),
        (datetime(2026, 11, 16, 10, tzinfo=UTC), datetime(2026, 11, 17, 17, tzinfo=UTC), ("", "since Monday")),
        (datetime(2026, 11, 16, 10, tzinfo=UTC), datetime(2026, 11, 17, 8, tzinfo=UTC), ("late", "1 day late")),
        (date(2026, 11, 18), None, ("", "tomorrow")),
        (date(2026, 11, 19), None, ("", "Thursday")),
        (date(2026, 11, 24), None, ("", "24 November")),
        (datetime(2026, 11, 19, 10, tzinfo=UTC), None, ("", "Thursday")),
    ],
)
def test_what_we_owe_says_its_day(due_on, late_on, said):
    assert owed(due_on, late_on, TUESDAY) == said


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_bar_measures_in_points_whatever_the_language(language):
    with translation.override(language):
        assert bar_parts(5, 1, 6, 8) == {
            "held": {"x": "0.0%", "width": "62.5%"},
            "unknown": {"x": "62.5%", "width": "12.5%"},
            "expected": {"x": "75.0%", "width": "0.0%"},
        }


def test_a_bar_runs_from_the_right_where_words_do():
    with translation.override("ar"):
        assert bar_parts(2, 0, None, 8)["held"] == {"x": "75.0%", "width": "25.0%"}


def test_a_bar_of_nothing_is_empty():
    assert bar_parts(0, 0, 0, 0)["held"] == {"x": "0.0%", "width": "0.0%"}


def test_the_five_faces_need_no_script_and_send_nothing_for_do_not_know():
    html = draw('<c-faces name="feel" legend="How is it?" :value="4" />')

    assert re.findall(r'value="(\d?)"( checked)?', html) == [
        ("1", ""),
        ("2", ""),
        ("3", ""),
        ("4", " checked"),
        ("5", ""),
        ("", ""),
    ]
