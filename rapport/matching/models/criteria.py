"""What matching looks at."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.programs.models import Program, Sourced


class Criterion(Sourced):
    """One thing matching looks at, with its weight: as the program's file says it, and as staff change it."""

    class Group(models.TextChoices):
        INTERESTS = "interests", _("shared interests")
        VALUES = "values", _("shared values")
        LIFE = "life-experience", _("life experience")
        OTHER = "other", _("what else counts")

    program = models.ForeignKey(Program, models.CASCADE, related_name="criteria")
    code = models.SlugField(max_length=60)
    kind = models.CharField(max_length=20, help_text=_("ordered-gap, same, different, overlap"))
    group = models.CharField(max_length=15, choices=Group, default=Group.OTHER, db_default=Group.OTHER)
    label = models.CharField(max_length=120)
    weight = models.PositiveIntegerField(default=1)
    is_hard = models.BooleanField(default=False)
    is_on = models.BooleanField(default=True)
    settings = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "code"], name="one_criterion_per_code")]
        verbose_name_plural = "criteria"

    def __str__(self):
        return self.label


class PolicyRule(Sourced):
    """How a program chooses among plans that serve as many, with where that comes from."""

    class Code(models.TextChoices):
        MAXIMIN = "maximin", _("the weakest pair as good as can be")
        LOW_BAND = "low-band", _("as few weak pairs as can be")
        HIGH_BAND = "high-band", _("then as few middling pairs as can be")
        FLOOR = "floor", _("rather nobody than a pair below")
        WAITING = "waiting", _("whoever waits longest first")
        NEEDS = "needs", _("who needs it most first")
        STABILITY = "stability", _("pairs that would not rather have each other's partners")

    program = models.ForeignKey(Program, models.CASCADE, related_name="policy_rules")
    code = models.CharField(max_length=10, choices=Code)
    is_on = models.BooleanField(default=True)
    amount = models.PositiveSmallIntegerField(default=0, help_text=_("per cent of all points; of waiting: days"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "code"], name="one_policy_rule_each")]

    def __str__(self):
        return self.code


class WordList(Sourced):
    """The words a program uses for what people offer, look for and like: one on each line, with others that mean it.

    Whoever told one of the others is looked at as if they had told the word of the list (S2-01).
    """

    class Trait(models.TextChoices):
        SKILLS = "skills", _("skills, offered and looked for")
        INTERESTS = "interests", _("interests")
        VALUES = "values", _("values")
        LIFE = "life-experience", _("life experience")

    program = models.ForeignKey(Program, models.CASCADE, related_name="word_lists")
    trait = models.CharField(max_length=15, choices=Trait)
    words = models.TextField(blank=True, help_text=_("such as: Spreadsheets = Excel; LibreOffice Calc"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "trait"], name="one_word_list_each")]

    def __str__(self):
        return self.trait
