"""The house keeps its own rules: what points where, who writes, what a template may hold, how long a file may be."""

import ast
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

ROOT = Path(__file__).resolve().parents[1]
HOUSE = ROOT / "rapport"
LINES = 400

# Rows that neither name a program nor hang on a row that does, and why.
WITHOUT_PROGRAM = {
    "care.watermark": "how far the clock has looked, for the whole house",
    "outbox.delivery": "one try of a message",
    "outbox.message": "what Django itself sends has no program",
    "people.contactpoint": "of a person",
    "people.externalid": "says what another system calls a person",
    "people.formername": "what a person was called before two records were put together",
    "people.guardianship": "ties two persons, in every program",
    "people.likeness": "two persons who may be one, in every program",
    "people.oldref": "an address of before, that leads on to any record",
    "people.person": "belongs to the organization; reached through participant, guardianship or membership",
    "programs.organization": "holds the programs",
    "programs.program": "is one",
}
# Writes outside of `actions`, each with why.
WRITERS = {
    "clock/backup/restoring.py": "takes what must not outlive a restore out of the file, before anybody uses it",
    "portal/changing.py": "tries a gate's weight in a transaction that it takes back",
    "portal/ahead/playing.py": "plays the coming days on a copy that is thrown away",
}
WRITE_VERBS = {"save", "create", "delete", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}


def layers():
    """The apps from the top of the house to its ground, as import-linter reads them; siblings share a number."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    return {app.strip(): -floor for floor, line in enumerate(contract["layers"]) for app in line.split("|")}


FLOORS = layers()


def our_models():
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in FLOORS]


def relations(model):
    return [field for field in model._meta.get_fields() if field.is_relation and field.concrete and field.related_model]


def test_every_app_of_ours_stands_on_a_floor():
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("rapport.")}

    assert ours == set(FLOORS)


def test_no_relation_points_up_or_sideways():
    wrong = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in our_models()
        for field in relations(model)
        if (there := field.related_model._meta.app_label) in FLOORS
        and there != model._meta.app_label
        and FLOORS[there] >= FLOORS[model._meta.app_label]
    ]

    assert wrong == []


def leads_to_a_program(model, seen=()):
    """Whether a row names its program, or must hang on a row that does."""
    required = [
        field for field in relations(model) if not field.null and not field.many_to_many and field.name != "about_type"
    ]
    if "program" in {field.name for field in required}:
        return True
    up = {field.related_model for field in required} - {model, *seen}
    return any(leads_to_a_program(one, (*seen, model)) for one in up if is_of_a_program(one))


def is_of_a_program(model):
    return FLOORS.get(model._meta.app_label, -99) >= FLOORS["programs"] and not model._meta.auto_created


def test_every_row_of_a_program_says_which():
    lost = {
        model._meta.label_lower for model in our_models() if is_of_a_program(model) and not leads_to_a_program(model)
    }

    assert lost == set(WITHOUT_PROGRAM)


def test_migrations_are_complete(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_a_new_install_gets_the_tables_that_an_old_one_came_to_step_by_step():
    """Where tables are made at once, the steps they stand for say the same of every field, index and constraint."""
    loader = MigrationLoader(None, replace_migrations=False)
    at_once = [migration for migration in loader.disk_migrations.values() if migration.replaces]
    steps, new = loader.project_state([max(migration.replaces) for migration in at_once]), ProjectState()
    for migration in at_once:
        migration.mutate_state(new, preserve=False)
    apps_of_it = {migration.app_label for migration in at_once}
    by_steps = {key: model for key, model in steps.models.items() if key[0] in apps_of_it}

    assert len(at_once) >= 14
    assert set(new.models) == set(by_steps)
    assert [key for key, model in by_steps.items() if model != new.models[key]] == []


def test_each_database_keeps_what_the_models_promise(db):
    """A constraint that SQLite does not know, say, would be left out there in silence."""
    assert [found for found in run_checks(databases=["default"]) if not found.is_silenced()] == []


def code():
    """Our Python files, by their path in the house; migrations apart."""
    files = (file.relative_to(HOUSE) for file in HOUSE.rglob("*.py"))
    return sorted(file for file in files if "migrations" not in file.parts)


def is_write(call):
    """A call that changes rows. A dict's or a hash's `update` takes its values without names."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in WRITE_VERBS:
        return False
    named, plain = bool(call.keywords), bool(call.args)
    if call.func.attr == "update":
        return named and not plain
    return not (call.func.attr == "delete" and plain)


def writes(file):
    tree = ast.parse((HOUSE / file).read_text())
    return [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Call) and is_write(node)]


def reaches_no_rows(file):
    """The engine knows nothing of Django (import-linter keeps it so): what it saves are arrays in files."""
    return file.parts[:2] == ("matching", "engine")


def test_only_actions_write():
    wrong = [
        f"{file}:{line}"
        for file in code()
        if "actions" not in file.with_suffix("").parts and str(file) not in WRITERS and not reaches_no_rows(file)
        for line in writes(file)
    ]

    assert wrong == []


def test_every_named_writer_is_still_needed():
    assert [file for file in WRITERS if not (HOUSE / file).exists() or not writes(file)] == []


def test_no_file_is_longer_than_a_person_reads_at_once():
    """But for what a machine wrote down of models that each stand in a file of their own."""
    python = [file for file in HOUSE.rglob("*.py") if not file.stem.endswith("_tables_at_once")]
    files = [*python, *HOUSE.rglob("*.html"), *(HOUSE / "core" / "static" / "core").rglob("*")]
    long = {str(f.relative_to(ROOT)): n for f in files if f.is_file() and (n := f.read_text().count("\n")) > LINES}

    assert long == {}


# Templates

TEMPLATES = sorted(HOUSE.glob("*/templates/**/*.html"))
MAIL = "outbox/mail.html"  # mail programs read no style sheets; css-inline takes this one apart
COMPONENTS = {file.stem for file in (HOUSE / "core" / "templates" / "cotton").glob("*.html")} | {"slot", "vars"}
COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<!--.*?-->", re.DOTALL)
SAID = re.compile(r"\{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%\}", re.DOTALL)
SILENT = re.compile(r"\{%\s*block (?:body_attributes|main_class)\s*%\}.*?\{%\s*endblock\b.*?%\}", re.DOTALL)
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
SPOKEN = re.compile(r'\s(?:title|label|lead|caption|alt|placeholder|aria-label|eyebrow|facts|note|describe)="([^"{]*)"')
SAME_EVERYWHERE = {"Rapport", "ama"}  # a name, as an example of one


@cache
def source(file):
    return COMMENT.sub("", file.read_text())


def these(files):
    return pytest.mark.parametrize("template", files, ids=lambda file: str(file.relative_to(HOUSE)))


@these([file for file in TEMPLATES if not str(file).endswith(MAIL)])
def test_a_template_holds_no_style_and_no_script(template):
    """The content policy refuses both."""
    template = source(template)
    assert not re.search(r"\sstyle\s*=", template)
    assert not re.search(r"<style\b", template)
    assert not re.search(r"<script(?![^>]*\bsrc=)", template)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=\s*[\"']", template)
    assert "javascript:" not in template


@these(TEMPLATES)
def test_a_template_uses_only_components_that_are_there(template):
    template = source(template)
    used = {name.replace("-", "_") for name in re.findall(r"<c-([\w-]+)", template)}

    assert used <= COMPONENTS
    assert "partialdef" not in template
    assert "{{ attrs }}" not in template


def words_left(template):
    """What stands in a template as plain words: text between tags, and spoken attributes."""
    bare = SILENT.sub("", SAID.sub("", template))
    spoken = [words for words in SPOKEN.findall(bare) if re.search(r"[^\W\d_]{2}", words)]
    text = re.sub(r"<(script|style|code|title)\b.*?</\1>", "", TAG.sub("\0", bare), flags=re.DOTALL)
    pieces = [piece.strip(" \n·") for piece in re.split(r"<[^>]*>|\0", text)]
    found = [piece for piece in pieces if re.search(r"[^\W\d_]{2}", piece) and not piece.startswith("&")]
    return [words for words in spoken + found if words not in SAME_EVERYWHERE]


@these([file for file in TEMPLATES if "components" not in file.name])
def test_every_word_of_a_template_can_be_translated(template):
    assert words_left(source(template)) == []


# The tree


def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


# Put together here, so that this file does not hold them itself.
NOT_OURS = [
    "registry.npm" + "js",
    "pypi" + ".org",
    "files.python" + "hosted",
    "registry.yarn" + "pkg",
    "proxy.golang" + ".",
]
NOT_OURS += ["/wo" + "rk/main", "/wo" + "rk/shared", "/tmp/" + "team", "nex" + "us", "artifact" + "ory"]


def test_the_tree_names_no_download_host_and_no_place_of_one_machine():
    files = tracked()
    if not files:
        pytest.skip("this is no git checkout")
    wrong = [
        f"{file.relative_to(ROOT)}: {word}"
        for file in files
        if file.suffix not in {".png", ".ico", ".xlsx", ".gz", ".woff2"}
        for word in NOT_OURS
        if word in file.read_text(errors="ignore").lower()
    ]

    assert wrong == []
