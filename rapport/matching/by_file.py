"""`rapport match --instance FILE`: a problem in files is solved and told; nothing is read from a database or kept."""

import json

from django.core.management.base import CommandError


def said(options) -> str:
    """The answer in words, or as JSON. Refuses with the one sentence of what is wrong, and without proof."""
    from rapport.matching.engine.checker import NotProven
    from rapport.matching.engine.instance_answers import solve_file
    from rapport.matching.engine.instance_rules import Wrong

    try:
        report = solve_file(options["instance"], threads=options["threads"], out=options["out"])
    except (Wrong, NotProven) as wrong:
        raise CommandError(str(wrong)) from wrong
    except MemoryError as wrong:
        raise CommandError("This machine has not enough memory for so many people.") from wrong
    if options["json"]:
        return json.dumps(report, ensure_ascii=False) + "\n"
    return "\n".join(lines(report)) + "\n"


def lines(report):
    proof = report["certificate"]
    yield f"{report['matched']} of {report['mentees']} mentees have a mentor ({report['mentors']} mentors)."
    yield f"Proven best in whole numbers: worth {proof['worth']}, and no plan can be worth more than {proof['bound']}."
    yield from (f"  {one['score']:>6}  {one['mentee']} with {one['mentor']}" for one in report["pairs"])
    yield from (f"  left without: {one['mentee']}. {one['reason']}" for one in report["left_without"])
    yield from (f"  note: {one}" for one in report["warnings"])
