"""Who may speak for a child."""

from rapport.people.models import Guardianship, Restriction


def may_speak_for(adult, child, on) -> bool:
    """Whether this adult stands for the child on that day, may consent, and is not kept away from them."""
    guardianship = Guardianship.objects.filter(adult=adult, child=child, consents=True).select_related("child").first()
    away = Restriction.objects.live(on).filter(kept_away=adult, subject=child)
    return guardianship is not None and guardianship.is_living(on) and not away.exists()
