"""The tables as they were on 26 November 2026: a new install makes them at once. An older one goes on step by step."""

import django.db.models.deletion
import rapport.core.refs
from django.conf import settings
from django.db import migrations, models

from rapport.core.at_once import CreateTables


class Migration(migrations.Migration):

    replaces = [('checkins', '0001_initial'), ('checkins', '0002_rests_rhythms_and_indexes_of_what_is_due'), ('checkins', '0003_talks_from_before_rapport'), ('checkins', '0004_answers_on_paper_have_their_day'), ('checkins', '0005_what_was_said_first_in_a_talk'), ('checkins', '0006_whether_they_are_in_touch_and_where_they_are')]

    initial = True

    dependencies = [
        ('access', '__first__'),
        ('matches', '0002_points_with_words'),
        ('people', '0001_initial'),
        ('programs', '0002_point_rules'),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Ask',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('state', models.CharField(choices=[('scheduled', 'to be sent'), ('sent', 'sent'), ('reminded', 'reminded'), ('handed-over', 'somebody talks instead'), ('answered', 'answered'), ('withdrawn', 'withdrawn'), ('closed', 'over')], default='scheduled', max_length=12)),
                        ('made_at', models.DateTimeField()),
                        ('next_at', models.DateTimeField(blank=True, help_text='when the clock must act next', null=True)),
                        ('sent_at', models.DateTimeField(blank=True, null=True)),
                        ('answered_at', models.DateTimeField(blank=True, null=True)),
                        ('closes_at', models.DateTimeField(blank=True, help_text='answers may be replaced until then', null=True)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asks', to='people.person')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asks', to='programs.program')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state__in', ['scheduled', 'sent', 'reminded'])), fields=['next_at'], name='ask_next'), models.Index(fields=['person', 'program', '-made_at'], name='ask_of_person')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['scheduled', 'sent', 'reminded'])), fields=('program', 'person'), name='one_ask_at_a_time')],
                    },
                ),
                migrations.CreateModel(
                    name='CheckIn',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('due_at', models.DateTimeField(blank=True, help_text='empty: no date', null=True)),
                        ('late_at', models.DateTimeField(blank=True, null=True)),
                        ('lapses_at', models.DateTimeField(blank=True, null=True)),
                        ('kept_at', models.DateTimeField(blank=True, null=True)),
                        ('missed_at', models.DateTimeField(blank=True, null=True)),
                        ('excused_at', models.DateTimeField(blank=True, null=True)),
                        ('excuse', models.CharField(blank=True, max_length=200)),
                        ('party', models.CharField(choices=[('mentor', 'mentor'), ('mentee', 'mentee'), ('guardian', 'guardian'), ('school', 'school'), ('team-lead', 'team lead')], max_length=10)),
                        ('instance', models.PositiveSmallIntegerField(help_text='the day of the match it is due on, from 0')),
                        ('state', models.CharField(choices=[('open', 'open'), ('answered', 'answered'), ('talked', 'talked about'), ('lapsed', 'lapsed')], default='open', max_length=10)),
                        ('ask', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='check_ins', to='checkins.ask')),
                        ('match', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='check_ins', to='matches.match')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='check_ins', to='people.person')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='check_ins', to='programs.program')),
                        ('promise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='check_ins', to='programs.promise')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['due_at'], name='check_in_open'), models.Index(fields=['match', '-due_at'], name='checkins_ch_match_i_c6e902_idx'), models.Index(fields=['person', 'state'], name='checkins_ch_person__75a7ff_idx'), models.Index(condition=models.Q(('ask', None), ('state', 'open')), fields=['program', 'due_at'], name='check_in_to_ask'), models.Index(condition=models.Q(('state', 'open')), fields=['lapses_at'], name='check_in_to_lapse')],
                        'constraints': [models.UniqueConstraint(fields=('match', 'person', 'party', 'instance'), name='one_check_in_each'), models.CheckConstraint(condition=models.Q(models.Q(('excused_at', None), ('missed_at', None)), models.Q(('excused_at', None), ('kept_at', None)), models.Q(('kept_at', None), ('missed_at', None)), _connector='OR'), name='check_in_has_one_outcome')],
                    },
                ),
                migrations.CreateModel(
                    name='Answer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('feeling', models.PositiveSmallIntegerField(blank=True, help_text='1 to 5; empty: does not know', null=True)),
                        ('worry', models.CharField(blank=True, choices=[('yes', 'Yes'), ('not-sure', 'Not sure'), ('no', 'No')], max_length=8)),
                        ('words', models.TextField(blank=True)),
                        ('level', models.PositiveSmallIntegerField(default=2)),
                        ('source', models.CharField(default='link', help_text='link, paper, phone, person, interpreter', max_length=20)),
                        ('answered_at', models.DateTimeField()),
                        ('is_suspect', models.BooleanField(default=False, help_text='unconfirmed: a machine may have pressed')),
                        ('replaced_at', models.DateTimeField(blank=True, null=True)),
                        ('form_id', models.CharField(help_text='one press of the button is one answer', max_length=40)),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='programs.program')),
                        ('check_in', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='checkins.checkin')),
                        ('said_on', models.DateField(blank=True, help_text='the day of the sheet or the talk', null=True)),
                        ('witness', models.CharField(blank=True, help_text='who interpreted', max_length=120)),
                        ('in_touch', models.CharField(blank=True, choices=[('yes', 'Yes'), ('not-yet', 'Not yet'), ('unsure', "I don't know")], db_default='', default='', max_length=8)),
                        ('news', models.TextField(blank=True, db_default='', default='', help_text='what they told of themselves')),
                        ('now', models.CharField(blank=True, choices=[('school', 'At school'), ('studying', 'Studying'), ('training', 'Learning a trade'), ('working', 'Working'), ('looking', 'Looking for something'), ('else', 'Something else')], db_default='', default='', max_length=10)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('check_in', 'form_id'), name='one_answer_per_press'), models.UniqueConstraint(condition=models.Q(('replaced_at', None)), fields=('check_in',), name='one_answer_stands')],
                    },
                ),
                migrations.CreateModel(
                    name='Conversation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('how', models.CharField(choices=[('phone', 'Phone'), ('in-person', 'In person'), ('video', 'Video'), ('message', 'Message'), ('no-answer', 'Tried, no answer'), ('before', 'before Rapport, from a list')], max_length=10)),
                        ('words', models.TextField(blank=True)),
                        ('next_step', models.CharField(blank=True, max_length=200)),
                        ('next_on', models.DateField(blank=True, null=True)),
                        ('level', models.PositiveSmallIntegerField(default=2)),
                        ('at', models.DateTimeField()),
                        ('form_id', models.CharField(max_length=40, unique=True)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conversations', to=settings.AUTH_USER_MODEL)),
                        ('match', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='conversations', to='matches.match')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conversations', to='people.person')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conversations', to='programs.program')),
                        ('explained_at', models.DateTimeField(blank=True, help_text='when it was said first who reads this, and what cannot stay secret', null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['match', '-at'], name='checkins_co_match_i_3700d3_idx'), models.Index(fields=['person', '-at'], name='checkins_co_person__66b27b_idx')],
                    },
                ),
                migrations.CreateModel(
                    name='Rest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('why', models.CharField(choices=[('wish', 'they would rather not be asked this month'), ('unanswered', 'two asks in a row stayed without an answer'), ('not-me', 'somebody else reads that address')], max_length=10)),
                        ('since_at', models.DateTimeField()),
                        ('until_at', models.DateTimeField(blank=True, help_text='empty: until somebody chooses anew', null=True)),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.program')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('program', 'person'), name='one_rest_at_a_time')],
                    },
                ),
                migrations.CreateModel(
                    name='Rhythm',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('looked_until_at', models.DateTimeField(blank=True, help_text='every check-in that came near until then has its row', null=True)),
                        ('next_at', models.DateTimeField(blank=True, help_text='empty: the match is over', null=True)),
                        ('match', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='rhythm', to='matches.match')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.program')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at'], name='rhythm_next')],
                    },
                ),
            ],
        ),
    ]
