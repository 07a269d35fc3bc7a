"""The tables as on 26 November 2026, and the triggers that keep their rows: a new install makes both at once."""

import django.db.models.deletion
import rapport.core.refs
from django.conf import settings
from django.db import migrations, models

from rapport.safeguarding import triggers
from rapport.core.at_once import CreateTables


class Migration(migrations.Migration):

    replaces = [('safeguarding', '0001_initial'), ('safeguarding', '0002_keep_the_words'), ('safeguarding', '0003_keep_open_files')]

    initial = True

    dependencies = [
        ('access', '__first__'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('matches', '0001_initial'),
        ('people', '0001_initial'),
        ('programs', '0001_initial'),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Concern',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('about_id', models.BigIntegerField(blank=True, null=True)),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('raised_by_label', models.CharField(max_length=200)),
                        ('raised_at', models.DateTimeField()),
                        ('cause_key', models.CharField(max_length=200, unique=True)),
                        ('words', models.TextField(help_text='their own words, copied: the source may change')),
                        ('state', models.CharField(choices=[('raised', 'raised'), ('acknowledged', 'read by a lead'), ('exploring', 'exploring'), ('action', 'acting'), ('monitoring', 'watching over it'), ('closed', 'closed')], default='raised', max_length=14)),
                        ('risk', models.CharField(blank=True, choices=[('low', 'low'), ('medium', 'medium'), ('high', 'high'), ('immediate', 'immediate danger')], max_length=10)),
                        ('acknowledged_at', models.DateTimeField(blank=True, null=True)),
                        ('next_rung', models.PositiveSmallIntegerField(default=0, help_text='how far its ladder has climbed')),
                        ('next_at', models.DateTimeField(blank=True, help_text='when the clock must climb on', null=True)),
                        ('who_may_be_told', models.TextField(blank=True)),
                        ('outcome', models.TextField(blank=True)),
                        ('closed_at', models.DateTimeField(blank=True, null=True)),
                        ('about_type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                        ('accused', models.ManyToManyField(blank=True, help_text='never see or handle it', related_name='+', to='people.person')),
                        ('hold', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='matches.pause')),
                        ('match', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='concerns', to='matches.match')),
                        ('named', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='concerns', to='programs.program')),
                        ('raised_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='concerns_raised', to='people.person')),
                        ('subject', models.ForeignKey(blank=True, help_text='who may be unsafe', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='concerns', to='people.person')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['about_type', 'about_id'], name='safeguardin_about_t_59a3b9_idx'), models.Index(fields=['program', 'state'], name='safeguardin_program_dd0af8_idx'), models.Index(fields=['next_at'], name='safeguardin_next_at_53b430_idx')],
                    },
                ),
                migrations.CreateModel(
                    name='Duty',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('outside_contact', models.CharField(blank=True, help_text='a name and number outside the house', max_length=200)),
                        ('read_by', models.TimeField(blank=True, help_text='worries of a working day are read by this time', null=True)),
                        ('named_at', models.DateTimeField()),
                        ('cover', models.ForeignKey(blank=True, help_text='stands in when both are away', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('lead', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('named_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('program', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='duty', to='programs.program')),
                        ('second_lead', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='Entry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField()),
                        ('verb', models.CharField(max_length=60)),
                        ('words', models.TextField(blank=True)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('concern', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='safeguarding.concern')),
                    ],
                    options={
                        'ordering': ['at', 'pk'],
                    },
                ),
                migrations.CreateModel(
                    name='TriageItem',
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
                        ('cause_key', models.CharField(max_length=200, unique=True)),
                        ('came_at', models.DateTimeField()),
                        ('what', models.CharField(max_length=200)),
                        ('words', models.TextField(blank=True)),
                        ('read_at', models.DateTimeField(blank=True, null=True)),
                        ('outcome', models.CharField(blank=True, choices=[('talked', 'talked with them, nothing more needed'), ('watch', 'talk again soon'), ('concern', 'raised as a concern')], max_length=10)),
                        ('note', models.TextField(blank=True)),
                        ('next_rung', models.PositiveSmallIntegerField(default=0, help_text='how far its ladder has climbed')),
                        ('next_at', models.DateTimeField(blank=True, help_text='when the clock must climb on', null=True)),
                        ('about_type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                        ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('match', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='triage_items', to='matches.match')),
                        ('person', models.ForeignKey(help_text='who said it', on_delete=django.db.models.deletion.PROTECT, related_name='triage_items', to='people.person')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='triage_items', to='programs.program')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['about_type', 'about_id'], name='safeguardin_about_t_2a713b_idx'), models.Index(fields=['program', 'due_at'], name='safeguardin_program_42ffe6_idx'), models.Index(fields=['next_at'], name='safeguardin_next_at_e8e77d_idx')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('excused_at', None), ('missed_at', None)), models.Q(('excused_at', None), ('kept_at', None)), models.Q(('kept_at', None), ('missed_at', None)), _connector='OR'), name='triage_has_one_outcome')],
                    },
                ),
            ],
        ),
        migrations.RunPython(triggers.install, triggers.remove),
        migrations.RunPython(triggers.install_keeping, triggers.remove_keeping),
    ]
