"""An answer by link beside a bare view with the same middleware and the same rows: at least half its rate.

bin/bench link [--answers 200] [--rounds 5] [--database sqlite|postgres] [--json]

Both are asked through the whole of Django, one after the other in the same run: GET the page, POST the answer. The bare
view reads and writes the same tables, asks nothing and draws one line (design.md §5). The middle of the rounds counts.
"""

import subprocess
import sys
import time
from datetime import timedelta

from bench import _place
from bench._table import middle, say

HALF = 0.5
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


def main() -> None:
    line = _place.line("link")
    line.add_argument("--answers", type=int, default=200)
    line.add_argument("--rounds", type=int, default=5)
    told = line.parse_args()
    if told.database and len(told.database) == 1:
        measure(told)
        return
    for database in _place.DATABASES:
        subprocess.run([sys.executable, "-m", "bench.link", *sys.argv[1:], "--database", database], check=True)


def measure(told):
    database = told.database[0]
    _place.stand(database)
    from django.test import Client
    from django.test.utils import override_settings

    asks = iter(make_asks(told.answers * told.rounds * 2))
    rates = {"page": [], "bare": []}
    with override_settings(ROOT_URLCONF="bench._bare"):
        for _ in range(told.rounds):
            for name, press in (("bare", press_bare), ("page", press_page)):
                batch = [next(asks) for _ in range(told.answers)]
                browser = Client(SERVER_NAME="localhost", HTTP_USER_AGENT=PHONE)
                start = time.perf_counter()
                for token, check_in in batch:
                    press(browser, token, check_in)
                rates[name].append(told.answers / (time.perf_counter() - start))
    all_are_kept(told)
    page, bare = middle(rates["page"]), middle(rates["bare"])
    ratio = page / bare
    row = {"bare, answers/s": bare, "page, answers/s": page, "ratio": ratio, "budget": HALF}
    say(f"an answer by link on {database}", [row | {"is": "reached" if ratio >= HALF else "NOT reached"}])


def all_are_kept(told):
    from rapport.checkins.models import Answer

    pressed = Answer.objects.exclude(form_id="b")  # the fixture's own
    kept, wanted = pressed.filter(is_suspect=False).count(), told.answers * told.rounds * 2
    if kept != wanted:
        raise SystemExit(f"{kept} answers were kept, {wanted} were given")


def press_bare(browser, token, _check_in):
    expect(browser.get(f"/bare/{token}/"))
    expect(browser.post(f"/bare/{token}/", {"form_id": token[:12]}))


def press_page(browser, token, check_in):
    """As a person does: the page, its start, the answer."""
    expect(browser.get(f"/a/{token}/?start=1"))
    key = f"c{check_in.pk}"
    expect(browser.post(f"/a/{token}/", {"form_id": token[:12], f"{key}-feel": "4", f"{key}-worry": "no"}))


def expect(answer):
    if answer.status_code != 200:
        raise SystemExit(f"{answer.request['PATH_INFO'][:8]} answered {answer.status_code}")


def make_asks(how_many):
    """So many mentors with one open ask each, sent an hour ago: (token, check-in)."""
    from django.utils import timezone

    from bench import _fixture
    from rapport.checkins.models import Ask, CheckIn
    from rapport.core.about import type_of
    from rapport.outbox import links
    from rapport.outbox.models import Link

    _fixture.build(how_many)
    CheckIn.objects.filter(state="open").delete()
    now = timezone.now() - timedelta(hours=1)
    rows = [_fixture.owed_now(row, now) for row in CheckIn.objects.order_by("pk")[:how_many]]
    made = Ask.objects.bulk_create(
        Ask(
            program_id=row.program_id, person_id=row.person_id, state="sent", made_at=now, sent_at=now,
            closes_at=now + timedelta(days=30),
        )
        for row in rows
    )  # fmt: skip
    for row, ask in zip(rows, made, strict=True):
        row.ask = ask
    CheckIn.objects.bulk_create(rows)
    tokens = [links.new_token() for _ in rows]
    Link.objects.bulk_create(
        Link(
            program_id=row.program_id, purpose="ask", person_id=row.person_id, about_type=type_of(Ask), about_id=ask.pk,
            token_hash=links.hashed(token), issued_at=now, expires_at=now + timedelta(days=30),
        )
        for row, ask, token in zip(rows, made, tokens, strict=True)
    )  # fmt: skip
    return list(zip(tokens, rows, strict=True))


if __name__ == "__main__":
    main()
