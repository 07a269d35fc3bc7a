"""What people told, made comparable. No numbers here, so pages may use it, too."""

SHORT = 40  # letters; most answers are chosen from few, and are the same for many people
MANY = 1 << 14  # different answers of which is remembered what they are folded to


def answer_of(traits, criterion, side):
    """What one person told to this criterion, or nothing where it was not asked of them."""
    settings = criterion["settings"]
    if side == "mentee" and "only_if" in settings and not is_yes(traits.get(settings["only_if"])):
        return None  # such as: match with similar identity = yes
    return traits.get(trait_of(criterion, side))


def trait_of(criterion, side):
    """What this side is asked: a trait of its own, or the one both are asked."""
    return criterion["settings"].get(side) or criterion["settings"].get("trait")


def is_yes(told):
    return folded(told) in {"yes", "y", "true", "1"}


def many(told):
    """Several answers, whether a list was told or one of them; empty ones left out."""
    return [one for one in (told if isinstance(told, list) else [told]) if folded(one)]


def folded(told):
    if told is None:
        return ""
    text = told if type(told) is str else str(told)
    return FOLDED[text] if len(text) <= SHORT else " ".join(text.casefold().split())


def all_folded(told):
    """Each of a list of answers, folded."""
    try:
        return list(map(FOLDED.__getitem__, told))
    except TypeError:  # a list in a list
        return list(map(folded, told))


class Folded(dict):
    """What answers are folded to. Only short text is remembered: true equals 1, and each is told another way."""

    def __missing__(self, told):
        if type(told) is not str:
            return folded(told)
        name = " ".join(told.casefold().split())
        if len(told) <= SHORT and len(self) < MANY:
            self[told] = name
        return name


FOLDED = Folded()
