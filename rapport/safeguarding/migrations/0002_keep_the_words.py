from django.db import migrations

from rapport.safeguarding import triggers


class Migration(migrations.Migration):
    dependencies = [("safeguarding", "0001_initial")]

    operations = [migrations.RunPython(triggers.install, triggers.remove)]
