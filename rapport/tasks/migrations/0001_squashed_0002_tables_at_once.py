"""The tables as they were on 26 November 2026: a new install makes them at once. An older one goes on step by step."""

import django.db.models.deletion
import rapport.core.refs
from django.conf import settings
from django.db import migrations, models

from rapport.core.at_once import CreateTables


class Migration(migrations.Migration):

    replaces = [('tasks', '0001_initial'), ('tasks', '0002_what_is_done_where_it_is_read')]

    initial = True

    dependencies = [
        ('access', '__first__'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('people', '0001_initial'),
        ('programs', '0001_initial'),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Task',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('about_id', models.BigIntegerField(blank=True, null=True)),
                        ('due_at', models.DateTimeField(blank=True, help_text='empty: no date', null=True)),
                        ('late_at', models.DateTimeField(blank=True, null=True)),
                        ('lapses_at', models.DateTimeField(blank=True, null=True)),
                        ('kept_at', models.DateTimeField(blank=True, null=True)),
                        ('missed_at', models.DateTimeField(blank=True, null=True)),
                        ('excused_at', models.DateTimeField(blank=True, null=True)),
                        ('excuse', models.CharField(blank=True, max_length=200)),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('kind', models.CharField(max_length=60)),
                        ('reason', models.CharField(max_length=300)),
                        ('pressing', models.PositiveSmallIntegerField(default=5, help_text='1 comes first on the desk, 9 last')),
                        ('minutes', models.PositiveSmallIntegerField(default=10, help_text='about how long it takes')),
                        ('level', models.PositiveSmallIntegerField(default=2)),
                        ('cause_key', models.CharField(max_length=200, unique=True)),
                        ('ends_with_match', models.BooleanField(default=True)),
                        ('made_at', models.DateTimeField()),
                        ('snoozed_until', models.DateTimeField(blank=True, null=True)),
                        ('about_type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to=settings.AUTH_USER_MODEL)),
                        ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='people.person')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='programs.program')),
                        ('ends_on_its_page', models.BooleanField(default=False, help_text='done where it is read, by no press')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['about_type', 'about_id'], name='tasks_task_about_t_dc55bb_idx'), models.Index(condition=models.Q(('excused_at', None), ('kept_at', None), ('missed_at', None)), fields=['owner', 'due_at'], name='task_desk'), models.Index(fields=['program', 'person'], name='tasks_task_program_6773c4_idx')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('excused_at', None), ('missed_at', None)), models.Q(('excused_at', None), ('kept_at', None)), models.Q(('kept_at', None), ('missed_at', None)), _connector='OR'), name='task_has_one_outcome')],
                    },
                ),
                migrations.CreateModel(
                    name='Word',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('verb', models.CharField(choices=[('done', 'done'), ('snoozed', 'put off'), ('handed-over', 'handed over'), ('dropped', 'no longer needed'), ('reopened', 'opened again')], max_length=12)),
                        ('at', models.DateTimeField()),
                        ('note', models.CharField(blank=True, max_length=500)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='words', to='tasks.task')),
                    ],
                ),
            ],
        ),
    ]
