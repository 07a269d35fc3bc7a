"""The tables as they were on 26 November 2026: a new install makes them at once. An older one goes on step by step."""

import django.db.models.deletion
import rapport.core.refs
from django.conf import settings
from django.db import migrations, models

from rapport.core.at_once import CreateTables


class Migration(migrations.Migration):

    replaces = [('imports', '0001_initial'), ('imports', '0002_long_work'), ('imports', '0003_columns_are_asked_and_remembered'), ('imports', '0004_what_a_list_did_can_be_taken_back'), ('imports', '0005_rows_say_what_a_roster_changes'), ('imports', '0006_a_list_is_taken_back_by_long_work')]

    initial = True

    dependencies = [
        ('access', '__first__'),
        ('programs', '0004_limits_in_years'),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Import',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('what', models.CharField(help_text='mentors, mentees, roster', max_length=20)),
                        ('file_name', models.CharField(max_length=200)),
                        ('columns', models.JSONField(default=list)),
                        ('mapping', models.JSONField(default=dict)),
                        ('state', models.CharField(choices=[('mapping', 'to be told its columns'), ('reading', 'being read'), ('staged', 'to be looked at'), ('applying', 'being brought in'), ('stopped', 'stopped on the way'), ('applied', 'brought in'), ('undoing', 'being taken back'), ('undone', 'taken back'), ('dropped', 'dropped'), ('failed', 'could not be read')], default='staged', max_length=8)),
                        ('brought_at', models.DateTimeField()),
                        ('applied_at', models.DateTimeField(blank=True, null=True)),
                        ('brought_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='programs.program')),
                        ('applied_to', models.PositiveIntegerField(default=0, help_text='the last row that is in')),
                        ('asked_at', models.DateTimeField(blank=True, help_text='when somebody said: bring it in', null=True)),
                        ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('counts', models.JSONField(default=dict, help_text='rows by outcome, as far as it has been read')),
                        ('kept_file', models.CharField(blank=True, help_text='where the file waits until it has been read', max_length=200)),
                        ('lease_until', models.DateTimeField(blank=True, help_text='by the clock of the machine', null=True)),
                        ('leased_by', models.CharField(blank=True, max_length=60)),
                        ('read_to', models.PositiveIntegerField(default=0, help_text='the last row that has been read')),
                        ('rows_applied', models.PositiveIntegerField(default=0)),
                        ('stop_asked_at', models.DateTimeField(blank=True, null=True)),
                        ('trouble', models.CharField(blank=True, help_text='why it could not go on', max_length=300)),
                        ('rows_undone', models.PositiveIntegerField(default=0, help_text='looked at on the way back')),
                        ('undo_asked_at', models.DateTimeField(blank=True, help_text='when somebody said: take it back', null=True)),
                        ('undo_asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='Row',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveIntegerField(help_text='as a spreadsheet counts: the heading is 1')),
                        ('cells', models.JSONField()),
                        ('outcome', models.CharField(choices=[('new', 'new'), ('changed', 'changed'), ('unchanged', 'unchanged'), ('bad', 'to be put right')], max_length=9)),
                        ('column', models.CharField(blank=True, max_length=120)),
                        ('reason', models.CharField(blank=True, max_length=300)),
                        ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='imports.import')),
                        ('changes', models.JSONField(default=list, help_text='of a roster: what it changes, what it was and what it is')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('source', 'number'), name='one_row_per_number')],
                        'indexes': [models.Index(fields=['source', 'outcome', 'number'], name='imports_row_source__48341e_idx')],
                    },
                ),
                migrations.CreateModel(
                    name='MappingMemory',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('what', models.CharField(help_text='mentors, mentees, volunteers', max_length=20)),
                        ('headings', models.CharField(help_text='the checksum of the headings in the order of the alphabet', max_length=64)),
                        ('chosen', models.JSONField(default=dict, help_text='heading to field; empty: left out')),
                        ('kept_at', models.DateTimeField()),
                        ('kept_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mapping_memories', to='programs.program')),
                    ],
                    options={
                        'verbose_name_plural': 'mapping memories',
                        'constraints': [models.UniqueConstraint(fields=('program', 'what', 'headings'), name='one_memory_per_headings')],
                    },
                ),
                migrations.CreateModel(
                    name='Deed',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('person_key', models.BigIntegerField()),
                        ('participant_key', models.BigIntegerField()),
                        ('made', models.JSONField(default=dict, help_text='kind of record: keys of those that were not there before')),
                        ('was', models.JSONField(default=dict, help_text='field: what it was, and what the row made of it')),
                        ('shared', models.JSONField(default=list, help_text='ways to reach somebody that were private until then')),
                        ('seen_to', models.BigIntegerField(default=0, help_text='the last line of the trail when it was done')),
                        ('undone_at', models.DateTimeField(blank=True, null=True)),
                        ('stays', models.CharField(blank=True, help_text='why it could not be taken back', max_length=300)),
                        ('row', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deeds', to='imports.row')),
                        ('match_key', models.BigIntegerField(blank=True, help_text='of a list of pairs', null=True)),
                    ],
                ),
            ],
        ),
    ]
