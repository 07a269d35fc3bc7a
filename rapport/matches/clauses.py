"""The words of the sections of an agreement: a program's own, newest version first, else Rapport's plain ones."""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

from rapport.core.languages import known
from rapport.core.own_words import said_by
from rapport.matches.models import ClauseRule, ClauseText, SignerRule
from rapport.matches.term_words import terms_said
from rapport.onboarding.wording import languages_kept, languages_of
from rapport.programs import profiles

FOLDER = Path(__file__).with_name("agreement_texts")
FIRST = 1  # the version of Rapport's own words


@cache
def of_the_house(language) -> dict:
    """The words we bring in a language: {code: {"title", "words"}}; {} where there are none."""
    file = FOLDER / f"{language}.toml"
    if not known(language) or not file.exists():
        return {}
    return tomllib.loads(file.read_text(encoding="utf-8"))


def of_profile(program, table):
    if program.profile not in profiles.slugs():
        return []
    return profiles.read(program.profile).get(table, [])


def clause_rules(program) -> list:
    """The sections that agreements of this program have; a program of before has those of its profile."""
    return list(program.clause_rules.all()) or [ClauseRule(program=program, **r) for r in of_profile(program, "clause")]


def signer_rules(programs) -> dict:
    """{program id: {party: what is needed of them}}; empty where a program has no agreement. One query."""
    found: dict = {program.pk: {} for program in programs}
    for rule in SignerRule.objects.filter(program__in=list(found)):
        found[rule.program_id][rule.party] = rule.needs
    for program in programs:
        if not found[program.pk]:
            found[program.pk] = {row["party"]: row["needs"] for row in of_profile(program, "signer")}
    return found


def has_agreement(program) -> bool:
    """Whether pairs of this program agree on something in writing: one of an event alone does not."""
    return bool(signer_rules([program])[program.pk])


def house_rows(program, at):
    """Rapport's words as this program says them, where it lacks them or they have changed: unsaved."""
    codes, last = {rule.code for rule in clause_rules(program)}, newest_rows(program)
    for language in languages_kept(program):
        for code, words in of_the_house(language).items():
            row = last.get((code, language))
            said = {name: said_by(program, text, language) for name, text in words.items()}
            is_old = row is not None and not row.is_own and (row.title, row.words) != (said["title"], said["words"])
            if code in codes and (row is None or is_old):
                version = row.version + 1 if row else FIRST
                yield ClauseText(program=program, code=code, language=language, version=version, **said, written_at=at)


def newest_rows(program):
    """{(code, language): the newest text}, in one query."""
    texts = ClauseText.objects.filter(program=program).order_by("version")
    return {(text.code, text.language): text for text in texts}


def texts_now(program) -> dict:
    """By language and code, which version stands now: what an agreement freezes when it goes out.

    Where a program wrote words of its own, ours do not stand in for them in a language that it does not list.
    """
    rows, spoken = newest_rows(program), languages_of(program)
    own = {code for (code, _language), text in rows.items() if text.is_own}
    found: dict = {}
    for rule in clause_rules(program):
        for language in languages_kept(program):
            text = rows.get((rule.code, language))
            if text and (text.is_own or language in spoken or rule.code not in own):
                found.setdefault(language, {})[rule.code] = text.version
    return found


def without_words(program) -> list:
    """The sections that an agreement must have (`is_required`) and that say nothing in any language that stands."""
    rows = newest_rows(program)
    said = {
        code
        for language, codes in texts_now(program).items()
        for code in codes
        if rows[code, language].words.strip()
    }  # fmt: skip
    return [rule for rule in clause_rules(program) if rule.is_required and rule.code not in said]


@dataclass(frozen=True)
class Section:
    """One section as its reader sees it, in a language that may be another than theirs."""

    code: str
    title: str
    words: str
    language: str


def sections_of(agreement, language) -> list[Section]:
    """The sections of a version in this language, each else in the program's first that has it. One query."""
    texts = agreement.texts or texts_now(agreement.program)
    order = list(dict.fromkeys([language, *languages_of(agreement.program), settings.LANGUAGE_CODE, *texts]))
    codes = list(dict.fromkeys(code for told in texts.values() for code in told))
    rows = {
        (row.code, row.language, row.version): row
        for row in ClauseText.objects.filter(program=agreement.program_id, code__in=codes)
    }
    said = []
    for code in codes:
        found = (rows.get((code, one, texts.get(one, {}).get(code))) for one in order)
        if text := next((row for row in found if row), None):
            words = text.words.replace("{program}", agreement.program.name)
            said.append(Section(code, text.title.replace("{program}", agreement.program.name), words, text.language))
    return said


def hash_of(agreement, language, sections=None) -> str:
    """What somebody signs, as one figure: the sections as they read them, and what the pair settled for itself."""
    parts = [str(agreement.number), language]
    parts += [f"{one.code}\n{one.title}\n{one.words}" for one in sections or sections_of(agreement, language)]
    parts += [f"{name}\n{value}" for name, value in agreement.terms.items()]
    return hashlib.sha256("\n\n".join(parts).encode()).hexdigest()


def differences(older, newer) -> list:
    """(what, before, after) in words, of two versions: of what the pair settled, and which sections have new words."""
    changed = settled_anew(older, newer)
    for was, now in said_anew(older, newer, settings.LANGUAGE_CODE):
        title = now.title if now else was.title if was else ""
        changed.append((title, was.words if was else gettext("not there"), now.words if now else ""))
    return changed


def settled_anew(older, newer) -> list:
    """(what, before, after) in words, of what the pair settled otherwise."""
    before, after = dict(terms_said(older)), dict(terms_said(newer))
    return [
        (name, before.get(name, ""), after.get(name, ""))
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    ]


def said_anew(older, newer, language) -> list:
    """(section before, section after) of the sections that have other words; None where there was, or is, none."""
    texts = [{section.code: section for section in sections_of(one, language)} for one in (older, newer)]
    both = [(texts[0].get(code), texts[1].get(code)) for code in dict.fromkeys([*texts[0], *texts[1]])]
    return [(was, now) for was, now in both if (was and was.words) != (now and now.words)]
