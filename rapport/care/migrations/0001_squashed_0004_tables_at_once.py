"""The tables as they were on 26 November 2026: a new install makes them at once. An older one goes on step by step."""

import django.db.models.deletion
import rapport.core.refs
from django.conf import settings
from django.db import migrations, models

from rapport.core.at_once import CreateTables


class Migration(migrations.Migration):

    replaces = [('care', '0001_initial'), ('care', '0002_what_a_leaver_had_in_hand'), ('care', '0003_finding_a_way_to_somebody'), ('care', '0004_time_together_kept_for_figures')]

    initial = True

    dependencies = [
        ('access', '__first__'),
        ('matches', '0004_pairs_from_before_rapport'),
        ('people', '0008_ways_have_an_order_best_times_and_who_reads_them'),
        ('programs', '0005_named_roles_and_training_of_staff'),
        ('tasks', '0002_what_is_done_where_it_is_read'),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Watermark',
                    fields=[
                        ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                        ('seen', models.BigIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name='Finding',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('rule', models.SlugField(max_length=60)),
                        ('says', models.CharField(choices=[('thriving', 'Thriving'), ('steady', 'Steady'), ('watch', 'Watch'), ('help', 'Needs help'), ('unknown', 'Unknown')], max_length=10)),
                        ('sentence', models.CharField(max_length=300)),
                        ('facts', models.JSONField(default=dict)),
                        ('level', models.PositiveSmallIntegerField(default=1)),
                        ('found_at', models.DateTimeField()),
                        ('gone_at', models.DateTimeField(blank=True, null=True)),
                        ('match', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='matches.match')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='programs.program')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['program', 'says'], name='care_findin_program_b4abb9_idx')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('gone_at', None)), fields=('match', 'rule'), name='one_standing_finding_per_rule')],
                    },
                ),
                migrations.CreateModel(
                    name='Standing',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('looked_at', models.DateTimeField(blank=True, null=True)),
                        ('next_look_at', models.DateTimeField(blank=True, null=True)),
                        ('waiting_since_on', models.DateField(blank=True, null=True)),
                        ('match', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='standing', to='matches.match')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.program')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['next_look_at'], name='care_standi_next_lo_03035f_idx')],
                    },
                ),
                migrations.CreateModel(
                    name='HandOver',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('given_at', models.DateTimeField()),
                        ('state', models.CharField(choices=[('waiting', 'not accepted yet'), ('accepted', 'accepted'), ('given-back', 'given back'), ('passed-on', 'passed on, for they left, too')], default='waiting', max_length=10)),
                        ('settled_at', models.DateTimeField(blank=True, null=True)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('leaver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('matches', models.ManyToManyField(blank=True, related_name='+', to='matches.match')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hand_overs', to='programs.program')),
                        ('tasks', models.ManyToManyField(blank=True, related_name='+', to='tasks.task')),
                        ('to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['program', 'state'], name='care_handov_program_dd4c5a_idx')],
                    },
                ),
                migrations.CreateModel(
                    name='ReachPlan',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('why', models.CharField(choices=[('silent', 'nothing arrives on any way we know'), ('said', 'a colleague said so')], max_length=6)),
                        ('words', models.CharField(blank=True, max_length=300)),
                        ('opened_at', models.DateTimeField()),
                        ('closed_at', models.DateTimeField(blank=True, null=True)),
                        ('end', models.CharField(blank=True, choices=[('arrived', 'a message arrived'), ('talked', 'there was a talk'), ('said', 'a colleague said so')], max_length=7)),
                        ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('opened_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reach_plans', to='people.person')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reach_plans', to='programs.program')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['person', '-opened_at'], name='care_reachp_person__11f014_idx')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('program', 'person'), name='one_open_reach_plan_each')],
                    },
                ),
                migrations.CreateModel(
                    name='ReachStep',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(choices=[('another-way', 'try another way'), ('other-guardian', 'ask another adult who is told'), ('school', 'ask through the school or the site'), ('letter', 'write a letter home'), ('pick-up', 'be there at pick-up')], max_length=14)),
                        ('due_on', models.DateField()),
                        ('tried_at', models.DateTimeField(blank=True, null=True)),
                        ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='care.reachplan')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.program')),
                        ('tried_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['plan', 'due_on'], name='care_reachs_plan_id_a08a26_idx')],
                        'constraints': [models.UniqueConstraint(fields=('plan', 'code'), name='one_step_of_each_kind')],
                    },
                ),
                migrations.CreateModel(
                    name='TimeKept',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('as_of', models.DateTimeField(blank=True, null=True)),
                        ('next_at', models.DateTimeField(blank=True, help_text='when the clock must reckon anew', null=True)),
                        ('state', models.CharField(choices=[('help', 'surely below the lower share'), ('watch', 'surely below the higher share'), ('kept', 'kept'), ('unknown', 'too little is known'), ('early', 'too early to say, or nothing was promised')], default='early', max_length=7)),
                        ('meetings', models.PositiveIntegerField(default=0)),
                        ('unknown', models.PositiveIntegerField(default=0)),
                        ('minutes', models.PositiveIntegerField(default=0)),
                        ('promised_minutes', models.PositiveIntegerField(default=0)),
                        ('match', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='time_kept', to='matches.match')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.program')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['next_at'], name='care_timeke_next_at_5906c2_idx'), models.Index(fields=['program', 'state'], name='care_timeke_program_c5c90f_idx')],
                    },
                ),
            ],
        ),
    ]
