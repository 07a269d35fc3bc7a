from django.conf import settings
from django.db import migrations, models
from django.db.models import PROTECT


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("meetings", "0011_what_a_meeting_was_before_a_word"),
    ]

    operations = [
        migrations.AddField(
            "feed",
            "made_by",
            models.ForeignKey(
                blank=True,
                help_text="who gave it to them and so may know it; empty: they took it themselves",
                null=True,
                on_delete=PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "feed",
            "ends_at",
            models.DateTimeField(blank=True, help_text="of one that was made by a link", null=True),
        ),
    ]
