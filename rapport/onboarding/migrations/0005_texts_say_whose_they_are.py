from django.db import migrations, models


def say_whose_they_are(apps, schema_editor):
    apps.get_model("onboarding", "ConsentText").objects.exclude(written_by=None).update(is_own=True)


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0004_words_for_telling_and_publishing")]

    operations = [
        migrations.AddField(
            model_name="consenttext",
            name="is_own",
            field=models.BooleanField(
                default=False, db_default=False, help_text="the program's own words, not Rapport's"
            ),
        ),
        migrations.AlterField(
            model_name="consenttext",
            name="written_by",
            field=models.ForeignKey(
                blank=True,
                help_text="empty: Rapport's own words, or those of the file that made the program",
                null=True,
                on_delete=models.deletion.PROTECT,
                related_name="+",
                to="access.user",
            ),
        ),
        migrations.RunPython(say_whose_they_are, migrations.RunPython.noop),
    ]
