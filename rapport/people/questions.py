"""Who may speak for a child, and who said no to what."""

from rapport.people.models import Consent, Guardianship, Restriction


def may_speak_for(adult, child, on) -> bool:
    """Whether this adult stands for the child on that day, may consent, and is not kept away from them."""
    guardianship = Guardianship.objects.filter(adult=adult, child=child, consents=True).select_related("child").first()
    away = Restriction.objects.live(on).filter(kept_away=adult, subject=child)
    return guardianship is not None and guardianship.is_living(on) and not away.exists()


def refused(purpose, people, *, program, at) -> set:
    """Ids of those of these people (ids) about whom the last word on this purpose is no: their own, or a guardian's."""
    words = Consent.objects.refused(at).filter(program=program, purpose=purpose, person__in=set(people))
    return set(words.values_list("person_id", flat=True))
