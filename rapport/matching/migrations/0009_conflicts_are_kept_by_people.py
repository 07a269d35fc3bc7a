"""The model moves to people (0018 there); the table stays where it is, with all its rows."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0008_grown_ups_wish_beforehand"),
        ("people", "0018_conflicts_of_roles_are_kept_here"),
    ]

    operations = [migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="Conflict")])]
