from django.db import migrations

from rapport.safeguarding import triggers


class Migration(migrations.Migration):
    dependencies = [("safeguarding", "0002_keep_the_words")]

    operations = [migrations.RunPython(triggers.install_keeping, triggers.remove_keeping)]
