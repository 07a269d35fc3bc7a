from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0016_children_a_parent_tells_of")]

    operations = [
        migrations.AddIndex(
            model_name="guardianship",
            index=models.Index(
                condition=models.Q(("ends_on__isnull", False)), fields=["ends_on"], name="guardianship_ended"
            ),
        ),
    ]
