"""The words that participants meet, in the languages the house speaks: gathered into the catalogues, and compiled.

    .venv/bin/python tools/words.py             new words come in (empty), words no longer used go; says what is missing
    .venv/bin/python tools/words.py --compile   makes .mo of .po; bin/setup does it

`docs/languages.md` says how a word gets translated.
"""

import ast
import io
import sys
import textwrap
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "rapport" / "locale"
TEMPLATES = (  # what a participant may meet; pages of staff speak English
    "access/templates/429.html",
    "access/templates/access/*.html",
    "access/templates/account/**/*.*",
    "access/templates/mfa/**/*.*",
    "access/templates/usersessions/*.*",
    "checkins/templates/checkins/public/*.html",
    "checkins/templates/mail/**/*.*",
    "core/templates/*.html",
    "core/templates/core/_messages.html",
    "core/templates/core/base.html",
    "core/templates/core/error.html",
    "core/templates/core/participant_base.html",
    "core/templates/core/refused.html",
    *(f"core/templates/cotton/{name}.html" for name in ("button_form", "choice", "error", "faces", "field")),
    *(f"core/templates/cotton/{name}.html" for name in ("form_errors", "notice", "three")),
    "events/templates/mail/**/*.*",
    *(f"events/templates/events/days/{name}.html" for name in ("_what", "public", "sheet", "start")),
    *(f"events/templates/events/groups/_{name}.html" for name in ("headway", "leading", "on_paper", "on_sheet")),
    *(f"events/templates/events/groups/_{name}.html" for name in ("share", "state", "taps")),
    *(f"events/templates/events/groups/{name}.html" for name in ("nothing_here", "over", "public", "start")),
    "matches/templates/mail/**/*.*",
    "matches/templates/matches/public/**/*.html",
    "matching/templates/mail/**/*.*",
    "matching/templates/matching/public/*.html",
    "meetings/templates/mail/**/*.*",
    "meetings/templates/meetings/public/*.html",
    *(f"meetings/templates/meetings/outings/{name}.html" for name in ("_state", "_what", "ask", "own")),
    *(f"meetings/templates/meetings/outings/{name}.html" for name in ("start", "told")),
    "onboarding/templates/mail/**/*.*",
    "onboarding/templates/onboarding/public/*.html",
    "outbox/templates/outbox/mail.html",
    "outbox/templates/outbox/public/*.html",
    "portal/templates/portal/own_sign_in.txt",
    "portal/templates/mail/**/*.*",
    "portal/templates/portal/public/*.html",
    "safeguarding/templates/mail/**/*.*",  # to staff, but a letter is laid out in its reader's language
)
PYTHON = {  # file: the names in it that hold such words; none: all of it
    "access/adapter.py": (),
    "access/forms.py": (),
    "access/middleware.py": ("sign_out_if_over", "keep_or_lay_out", "to_signing_in"),
    "access/passkeys.py": (),
    "access/sessions.py": ("in_words",),
    "access/views.py": ("sessions",),
    "checkins/cards.py": (),
    "checkins/forms.py": ("FEELINGS", "WORRIES", "NEITHER", "Press", "Card", "Meet"),
    "checkins/models.py": ("InTouch", "Now"),
    "checkins/refusals.py": ("NoLongerAsked", "NotAnAnswer"),
    "checkins/since.py": (),
    "core/fields.py": (),
    "core/refused.py": (),
    "core/several.py": (),
    "core/templatetags/house.py": ("FACES", "to_put_right"),
    "demo/apps.py": ("this_is_a_demo",),
    "events/days/calendar.py": (),
    "events/days/public.py": (),
    "events/days/refusals.py": ("DayOver", "Full", "FamilySaysYes"),
    "events/forms.py": ("ONE",),
    "events/groups/calendar.py": (),
    "events/groups/forms.py": ("Headway",),
    "events/groups/public.py": (),
    "events/groups/sheet.py": (),
    "events/models/groups.py": ("GroupWord", "PairWord"),
    "events/refusals.py": ("NotBegun", "CalledOff", "SaidMeanwhile"),
    "matches/agreement_public.py": (),
    "matches/goals_forms.py": (),
    "matches/goals_public.py": (),
    "matches/models/agreement.py": ("SignedBy",),
    "matches/models/goals.py": ("Seen", "WordedBy", "Ending", "Value", "Moment"),
    "matches/models/match.py": ("Phase",),
    "matches/term_words.py": (),
    "matching/actions/answering.py": ("NotTheirs", "NotTheirTurn", "PassedOn", "SaidOtherwiseSince"),
    "matching/actions/advancing.py": ("DecidedMeanwhile",),
    "matching/proposals/forms.py": ("SAYS", "Say"),
    "matching/proposals/shown.py": (),
    "matching/wishes/forms.py": (),
    "meetings/feeds/writing.py": (),
    "meetings/forms.py": ("LENGTH", "CAUSES", "NEITHER"),
    "meetings/models/log.py": ("Company", "Technique", "How"),
    "meetings/models/meeting.py": ("Cause",),
    "meetings/models/outing.py": ("Transport",),
    "meetings/models/planning.py": ("What", "Kind", "Channel"),
    "meetings/models/remembered.py": ("Often", "Long"),
    "meetings/outings/forms.py": (),
    "meetings/outings/own.py": (),
    "meetings/outings/refusals.py": (),
    "meetings/outings/rules.py": (),
    "meetings/own/forms.py": (),
    "meetings/own/place.py": (),
    "meetings/own/public.py": (),
    "meetings/refusals.py": (),
    "meetings/sheet/day.py": (),
    "meetings/sheet/page.py": (),
    "meetings/sheet/public.py": (),
    "meetings/sides.py": (),
    "meetings/tell/forms.py": (),
    "meetings/tell/pages.py": (),
    "meetings/tell/whose.py": (),
    "meetings/wording.py": (),
    "onboarding/forms.py": ("Choice",),
    "onboarding/refusals.py": ("NoLongerTheirs", "TextChanged"),
    "portal/front/days.py": (),
    "portal/front/forms.py": (),
    "portal/front/link.py": (),
    "portal/front/pages.py": (),
    "portal/front/time_had.py": (),
    "portal/mine.py": (),
    "portal/welcoming.py": ("write_to",),
    "programs/models/program.py": ("Mode",),
}
KEYWORDS = {"_": None, "lazy": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2)}


def main() -> None:
    if "--compile" in sys.argv[1:]:
        return compile_all()
    template = gather()
    missing = [line for file in catalogues() for line in update(file, template)]
    print("\n".join(missing) or f"{len(template)} words, all translated.")
    return sys.exit(bool(missing))


def catalogues() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


def gather() -> Catalog:
    """Every word of the listed places, with the files it stands in."""
    template = Catalog(charset="utf-8", fuzzy=False)
    for pattern in TEMPLATES:
        for file in sorted((ROOT / "rapport").glob(pattern)):
            add(template, file, words_of_template(file.read_text()))
    for name, parts in PYTHON.items():
        file = ROOT / "rapport" / name
        add(template, file, words_of_python(file.read_text(), parts))
    return template


def add(template, file, found):
    for words in found:
        template.add(words, locations=[(str(file.relative_to(ROOT)), None)], context=None)


def words_of_python(source, parts):
    """Words marked in a file, or in the classes, functions and tables of these names; a pair has a plural."""
    for piece in pieces(source, parts):
        for _line, function, words, _notes in extract_python(io.BytesIO(piece.encode()), KEYWORDS, [], {}):
            yield words[:2] if function == "ngettext" else words if isinstance(words, str) else words[0]


def pieces(source, parts):
    if not parts:
        return [source]
    found = {}
    for node in ast.walk(ast.parse(source)):
        names = [node.name] if hasattr(node, "name") else [getattr(to, "id", "") for to in getattr(node, "targets", [])]
        found |= {name: node for name in names if name in parts}
    lost = set(parts) - set(found)
    if lost:
        sys.exit(f"tools/words.py: nothing is called {', '.join(sorted(lost))} any more")
    lines = source.splitlines()
    return [textwrap.dedent("\n".join(lines[found[p].lineno - 1 : found[p].end_lineno])) for p in parts]


def words_of_template(source):
    """Words in translate, blocktranslate and _(): as Django looks them up; a pair has a plural."""
    from django.template.base import Lexer, TokenType
    from django.utils.translation.template import (
        block_re,
        constant_re,
        endblock_re,
        inline_re,
        plural_re,
        trim_whitespace,
    )

    parts, trimmed = [], False  # what a blocktranslate says: once, or also in the plural
    for token in Lexer(source).tokenize():
        said, is_tag = token.contents, token.token_type == TokenType.BLOCK
        if parts and is_tag and endblock_re.match(said):
            whole = [trim_whitespace("".join(part)) if trimmed else "".join(part) for part in parts]
            yield tuple(whole) if len(whole) == 2 else whole[0]
            parts = []
        elif parts and is_tag and plural_re.match(said):
            parts.append([])
        elif parts:
            parts[-1].append(f"%({said})s" if token.token_type == TokenType.VAR else said.replace("%", "%%"))
        elif token.token_type != TokenType.TEXT:
            yield from (unquoted(one) for one in constant_re.findall(said))
            if is_tag and (one := inline_re.match(said)):
                yield unquoted(one[1])
            elif is_tag and block_re.match(said):
                parts, trimmed = [[]], "trimmed" in said.split()


def unquoted(words):
    return words.removeprefix("_(").removesuffix(")")[1:-1].replace("%", "%%")


def update(file, template):
    """Bring one catalogue up to the template, and tell which of its words have no translation."""
    with file.open("rb") as old:
        catalogue = read_po(old, locale=file.parts[-3])
    catalogue.update(template, no_fuzzy_matching=True)
    keep(file, catalogue)
    return [f"{catalogue.locale}: {message.id!r}" for message in catalogue if message.id and not is_whole(message)]


def keep(file, catalogue):
    """Write it back under its old head, so that a run without news changes nothing."""
    head = file.read_text().partition("\n\n")[0] + "\n\n"
    body = io.BytesIO()
    write_po(body, catalogue, width=0, sort_output=True, omit_header=True, ignore_obsolete=True, include_lineno=False)
    file.write_text(head + body.getvalue().decode().rstrip("\n") + "\n")


def is_whole(message) -> bool:
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def compile_all() -> None:
    for file in catalogues():
        with file.open("rb") as words, file.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read_po(words, locale=file.parts[-3]))


if __name__ == "__main__":
    main()
