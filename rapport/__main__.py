"""The `rapport` command: `rapport NAME` runs a verb, in the folder that --dir or RAPPORT_DIR names."""

import os
import sys


def take_folder(arguments: list[str]) -> list[str]:
    """Take `--dir D` or `--dir=D` out of the line, wherever it stands, into RAPPORT_DIR."""
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--dir":
            os.environ["RAPPORT_DIR"] = named(next(words, ""))
        elif word.startswith("--dir="):
            os.environ["RAPPORT_DIR"] = named(word.removeprefix("--dir="))
        else:
            rest.append(word)
    return rest


def named(folder: str) -> str:
    """The name of the folder; without one nothing is done, least of all where we happen to stand."""
    if folder.strip():
        return folder
    sys.stderr.write("rapport: --dir needs the name of a folder, such as --dir rapport-data\n")
    sys.exit(2)


def main() -> None:
    """Run one verb and end with its code: 0 done, 1 refused with the reason, 2 wrong usage."""
    arguments = take_folder(sys.argv[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.settings")
    from rapport.core.cli import run

    sys.exit(run(arguments))


if __name__ == "__main__":
    main()
