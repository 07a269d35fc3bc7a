"""A yes that was pressed where somebody else reads is to be confirmed: it opens nothing new until it is said anew."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AstrayQuerySet(models.QuerySet):
    def counted(self):
        """Without those that are to be confirmed."""
        return self.filter(astray_at=None)


class Astray(models.Model):
    """Something said or signed. `astray_at`: when somebody told us that they read its link and are somebody else."""

    astray_at = models.DateTimeField(
        null=True, blank=True, help_text=_("somebody else reads that link: a yes that counts no more until said anew")
    )

    class Meta:
        abstract = True
