"""The trail as it was on 26 November 2026, and the triggers that keep its rows: a new install makes both at once."""

from django.db import migrations, models

from rapport.audit import triggers
from rapport.core.at_once import CreateTables


class Migration(migrations.Migration):

    replaces = [('audit', '0001_initial'), ('audit', '0002_keep_every_row')]

    initial = True

    dependencies = [
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Event',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('write', 'did'), ('read', 'read')], default='write', max_length=5)),
                        ('verb', models.CharField(max_length=60)),
                        ('at', models.DateTimeField()),
                        ('written_at', models.DateTimeField(auto_now_add=True)),
                        ('actor_id', models.BigIntegerField(blank=True, null=True)),
                        ('actor_label', models.CharField(max_length=200)),
                        ('program_id', models.BigIntegerField(blank=True, db_index=True, null=True)),
                        ('about_type', models.CharField(blank=True, max_length=60)),
                        ('about_id', models.BigIntegerField(blank=True, null=True)),
                        ('facts', models.JSONField(blank=True, default=dict)),
                        ('level', models.PositiveSmallIntegerField(default=2)),
                        ('position', models.BigIntegerField(blank=True, null=True, unique=True)),
                        ('seal', models.CharField(blank=True, max_length=64)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['about_type', 'about_id'], name='audit_event_about_t_49e9d4_idx'), models.Index(condition=models.Q(('position', None)), fields=['id'], name='audit_unsealed')],
                    },
                ),
            ],
        ),
        migrations.RunPython(triggers.install, triggers.remove),
    ]
