"""What else stands on a day sheet, told by apps above in `AppConfig.ready()`: groups that meet at the site, for one.

A part answers four questions: `parts(reader)` gives what to show, each a dict with the names of its templates (`page`,
`paper`); `press(request, reader)` does what was pressed of its own and says at what (None: it was nothing of its own);
`closed` and `opened(site, on, by, at)` follow the site's day.
"""

PARTS: list = []


def tell(part):
    if part not in PARTS:
        PARTS.append(part)


def shown(reader):
    return [one for part in PARTS for one in part.parts(reader)]


def pressed(request, reader):
    """Where the reader lands after a press on one of these; None where it was none of theirs."""
    places = (part.press(request, reader) for part in PARTS)
    return next((place for place in places if place is not None), None)


def day_closed(site, *, on, by, at):
    for part in PARTS:
        part.closed(site, on=on, by=by, at=at)


def day_opened(site, *, on, by, at):
    for part in PARTS:
        part.opened(site, on=on, by=by, at=at)
