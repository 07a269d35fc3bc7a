"""Several settings changed by one press."""

from django.db import transaction

from rapport.core.seen import as_they_stand
from rapport.programs.actions import ChangedMeanwhile, change_setting


@transaction.atomic
def change_all(pairs, *, seen="", names, by, at) -> int:
    """Change settings: `pairs` are (row, values by field). Returns how many changed; the same press twice changes none.

    `seen`: how they stood, in `names` of their fields, when the page was opened. Raises ChangedMeanwhile where somebody
    else changed one since; then nothing is kept.
    """
    pairs = list(pairs)
    is_new = any(getattr(row, name) != value for row, values in pairs for name, value in values.items())
    if is_new and seen and seen != as_they_stand([row for row, _values in pairs], names):
        raise ChangedMeanwhile(pairs[0][0])
    return sum(change_setting(row, values, by=by, at=at) for row, values in pairs)
