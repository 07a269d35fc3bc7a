"""A soft reference to any record, up or down the house."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class AboutQuerySet(models.QuerySet):
    def about(self, record: models.Model):
        """Those about this record."""
        return self.filter(about_type=type_of(record), about_id=record.pk)

    def about_any(self, records: models.QuerySet):
        """Those about any of these records, in the same query."""
        return self.filter(about_type=type_of(records.model), about_id__in=records.values("pk"))


class About(models.Model):
    """Points at one record by its type and primary key; nothing cascades."""

    about_type = models.ForeignKey(ContentType, models.PROTECT, null=True, blank=True, related_name="+")
    about_id = models.BigIntegerField(null=True, blank=True)
    about = GenericForeignKey("about_type", "about_id")

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["about_type", "about_id"])]


def type_of(record: models.Model | type[models.Model]) -> ContentType:
    """The content type of a record or of a model."""
    return ContentType.objects.get_for_model(record)
