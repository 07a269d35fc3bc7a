"""Running a verb: which folder it may stand in, and how it ends."""

import os
import sys
from argparse import SUPPRESS, RawDescriptionHelpFormatter
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, ManagementUtility, get_commands, load_command_class
from django.core.management.base import DjangoHelpFormatter
from django.db import DatabaseError
from environs import EnvError

from rapport.core.refused import Refused

MAY_MAKE_A_FOLDER = {"demo", "serve", "restore"}
NEED_NO_FOLDER = {"help", "--help", "-h", "--version", "check", "makemigrations", "makemessages", "compilemessages"}
NEED_NO_FOLDER |= {"collectstatic"}
DJANGO_ADDS = {"version", "verbosity", "settings", "pythonpath", "traceback", "no_color", "force_color", "skip_checks"}


def run(arguments: list[str]) -> int:
    """Run one verb and say how it ended: 0 done, 1 refused with the reason, 2 wrong usage."""
    verb = arguments[0] if arguments else "help"
    try:
        if verb in {"help", "--help", "-h"} and len(arguments) < 2:
            return overview()
        read_settings()
        refuse_a_strange_folder(verb, arguments)
        return call(verb, arguments)
    except (Refused, CommandError, ImproperlyConfigured) as refusal:
        print(f"rapport {verb}: {refusal}", file=sys.stderr)
        return getattr(refusal, "returncode", 1) or 1
    except (OSError, DatabaseError) as error:
        print(f"rapport {verb}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


class Help(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """Keeps the lines of a verb's description: its example stands on a line of its own."""


def read_settings() -> None:
    """A wrong setting is one line that names it."""
    from django.conf import settings

    try:
        _ = settings.DATABASES
    except (EnvError, ValueError, ImportError) as error:
        raise CommandError(f"A setting is wrong: {error}") from error


def call(verb: str, arguments: list[str]) -> int:
    import django

    django.setup()
    if verb not in get_commands():
        print(f"rapport: there is no verb {verb!r}. `rapport help` lists them.", file=sys.stderr)
        return 2
    app = get_commands()[verb]
    command = load_command_class(app, verb) if isinstance(app, str) else app
    if not type(command).__module__.startswith("rapport."):
        ManagementUtility(["rapport", *arguments]).execute()
        return 0
    command._called_from_command_line = True  # type: ignore[attr-defined]
    parser = command.create_parser("rapport", verb)
    parser.formatter_class = Help
    hide_what_django_adds(parser)
    options = vars(parser.parse_args(arguments[1:]))
    positional = options.pop("args", ())
    command.execute(*positional, **options)
    return 0


def hide_what_django_adds(parser) -> None:
    """Options every Django command has work, and are not explained with each of our verbs."""
    for action in parser._actions:
        if action.dest in DJANGO_ADDS:
            action.help = SUPPRESS


def refuse_a_strange_folder(verb: str, arguments: list[str]) -> None:
    """Verbs that need an install refuse a folder that is none, rather than make one by mistake."""
    from django.conf import settings

    asks_for_help = {"-h", "--help"} & set(arguments) or verb in NEED_NO_FOLDER
    by_file = any(word.partition("=")[0] == "--instance" for word in arguments)
    if asks_for_help or verb in MAY_MAKE_A_FOLDER or by_file or os.environ.get("DATABASE_URL"):
        return
    folder = Path(settings.RAPPORT_DIR)
    if not (folder / "rapport.sqlite3").exists():
        raise CommandError(
            f"{folder.name} is no Rapport folder. Name one with --dir, or make one with `rapport serve`."
        )


def overview() -> int:
    """The verbs that work, with a line each."""
    import django

    django.setup()
    ours = {name: app for name, app in get_commands().items() if str(app).startswith("rapport.")}
    print("rapport VERB [--dir FOLDER] ...   (rapport VERB --help explains one, with an example)\n")
    for name in sorted(ours):
        command = load_command_class(ours[name], name)
        print(f"  {name:<10} {str(command.help).strip().splitlines()[0]}")
    print("\nDjango's own commands run as well: rapport migrate, rapport shell, ...")
    return 0
