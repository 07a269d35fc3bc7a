from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0010_a_day_sheet_says_to_when")]

    operations = [
        migrations.AddField(
            "meeting",
            "stood",
            models.JSONField(
                blank=True,
                null=True,
                help_text="that it was called off or excused, while somebody's word says otherwise",
            ),
        ),
    ]
