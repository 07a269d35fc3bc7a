import django.db.models.deletion
from django.db import migrations, models

OF_THE_EVENT = ["ask-mentor", "ask-mentee"]


def ask_who_met_at_an_event(apps, schema_editor):
    """What programs of events asked after two weeks and after six months becomes the question for it."""
    promises = apps.get_model("programs", "Promise").objects.filter(program__profile="event-only")
    promises.filter(kind="check-in", code__in=OF_THE_EVENT).update(asks="in-touch")


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0008_activities'),
    ]

    operations = [
        migrations.AddField(
            model_name='promise',
            name='asks',
            field=models.CharField(blank=True, choices=[('', 'how it goes'), ('in-touch', 'whether they have been in touch since the event'), ('where-now', 'where they are now, and whether they are still in touch')], db_default='', default='', max_length=10),
        ),
        migrations.CreateModel(
            name='StarterRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=300)),
                ('source_url', models.URLField(blank=True, max_length=500)),
                ('mark', models.CharField(choices=[('V', 'seen in a public page'), ('O', 'seen in a toolkit that restates a standard'), ('S', 'asked for by the field'), ('R', 'recalled, to be checked'), ('D', 'our own choice')], default='D', max_length=1)),
                ('party', models.CharField(choices=[('mentor', 'mentor'), ('mentee', 'mentee'), ('guardian', 'guardian'), ('school', 'school'), ('team-lead', 'team lead')], max_length=10)),
                ('code', models.CharField(max_length=30)),
                ('words', models.CharField(max_length=200)),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='starter_rules', to='programs.program')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('program', 'party', 'code'), name='one_starter_each')],
            },
        ),
        migrations.RunPython(ask_who_met_at_an_event, migrations.RunPython.noop),
    ]
