"""The tables as they were on 26 November 2026: a new install makes them at once. An older one goes on step by step."""

import django.db.models.deletion
import rapport.core.refs
from django.conf import settings
from django.db import migrations, models

from rapport.core.at_once import CreateTables


class Migration(migrations.Migration):

    replaces = [('events', '0001_circles'), ('events', '0002_groups'), ('events', '0003_event_days')]

    initial = True

    dependencies = [
        ('access', '__first__'),
        ('matches', '0010_what_helps_and_what_could_be_different'),
        ('people', '0016_children_a_parent_tells_of'),
        ('programs', '0010_contacts_by_message_count_by_their_own_rule'),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Circle',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('name', models.CharField(max_length=120)),
                        ('made_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('form_id', models.CharField(max_length=60, unique=True)),
                        ('host', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='circles', to=settings.AUTH_USER_MODEL)),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='circles', to='programs.program')),
                        ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.site')),
                    ],
                    options={
                        'ordering': ['name', 'pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Gathering',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('due_at', models.DateTimeField(blank=True, help_text='empty: no date', null=True)),
                        ('late_at', models.DateTimeField(blank=True, null=True)),
                        ('lapses_at', models.DateTimeField(blank=True, null=True)),
                        ('kept_at', models.DateTimeField(blank=True, null=True)),
                        ('missed_at', models.DateTimeField(blank=True, null=True)),
                        ('excused_at', models.DateTimeField(blank=True, null=True)),
                        ('excuse', models.CharField(blank=True, max_length=200)),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('starts_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField()),
                        ('place', models.CharField(blank=True, max_length=120)),
                        ('about', models.CharField(blank=True, help_text='what it is to be about; those invited read it', max_length=500)),
                        ('notes', models.TextField(blank=True, help_text='what was said; staff read it')),
                        ('circle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gatherings', to='events.circle')),
                        ('noted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gatherings', to='programs.program')),
                    ],
                    options={
                        'ordering': ['-starts_at', '-pk'],
                        'indexes': [models.Index(fields=['circle', '-starts_at'], name='gatherings_of_a_circle')],
                        'constraints': [models.UniqueConstraint(fields=('circle', 'starts_at'), name='one_gathering_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('excused_at', None), ('missed_at', None)), models.Q(('excused_at', None), ('kept_at', None)), models.Q(('kept_at', None), ('missed_at', None)), _connector='OR'), name='gathering_has_one_outcome')],
                    },
                ),
                migrations.CreateModel(
                    name='Seat',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('was_there', models.BooleanField(blank=True, help_text='empty: nobody has said', null=True)),
                        ('colleague', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('gathering', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='events.gathering')),
                        ('participant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='people.participant')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.program')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('colleague__isnull', False), ('participant', None)), models.Q(('colleague', None), ('participant__isnull', False)), _connector='OR'), name='a_seat_is_a_mentors_or_a_colleagues'), models.UniqueConstraint(fields=('gathering', 'participant'), name='one_seat_for_each_mentor'), models.UniqueConstraint(fields=('gathering', 'colleague'), name='one_seat_for_each_colleague')],
                    },
                ),
                migrations.CreateModel(
                    name='Group',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('name', models.CharField(max_length=120)),
                        ('purpose', models.CharField(blank=True, help_text='what it is for; everybody in it reads this', max_length=500)),
                        ('room', models.PositiveSmallIntegerField(blank=True, help_text='mentees it has room for; empty: any', null=True)),
                        ('made_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('asked_next_at', models.DateTimeField(help_text='when the lead is asked next how it goes')),
                        ('form_id', models.CharField(max_length=60, unique=True)),
                        ('host', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='groups_led', to='people.person')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='groups', to='programs.program')),
                        ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.site')),
                    ],
                    options={
                        'ordering': ['name', 'pk'],
                        'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['asked_next_at'], name='group_lead_to_ask')],
                    },
                ),
                migrations.CreateModel(
                    name='Absence',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('noticed_at', models.DateTimeField()),
                        ('outcome', models.CharField(blank=True, choices=[('returned', 'they come again'), ('reason', 'there is a reason, and it is all right'), ('left', 'they take part no more')], max_length=10)),
                        ('note', models.CharField(blank=True, max_length=300)),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to='people.participant')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.program')),
                        ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to='events.group')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('group', 'participant'), name='one_open_absence'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('outcome', '')), models.Q(('ended_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='an_absence_ends_with_an_outcome')],
                    },
                ),
                migrations.CreateModel(
                    name='GroupMember',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('asked_at', models.DateTimeField(help_text='since when it is offered, or they are in it')),
                        ('answered_at', models.DateTimeField(blank=True, null=True)),
                        ('in_at', models.DateTimeField(blank=True, help_text='empty: offered, or they wait for a place', null=True)),
                        ('left_at', models.DateTimeField(blank=True, null=True)),
                        ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='events.group')),
                        ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='group_places', to='people.participant')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.program')),
                        ('said_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                    ],
                    options={
                        'ordering': ['asked_at', 'pk'],
                        'indexes': [models.Index(fields=['participant', 'left_at'], name='groups_of_a_participant')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('left_at', None)), fields=('group', 'participant'), name='one_place_in_a_group')],
                    },
                ),
                migrations.CreateModel(
                    name='GroupWord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('says', models.CharField(choices=[('on-track', 'on track'), ('partly', 'partly'), ('stuck', 'stuck'), ('none', 'not applicable')], max_length=10)),
                        ('form_id', models.CharField(max_length=40)),
                        ('said_at', models.DateTimeField()),
                        ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='words', to='events.group')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.program')),
                        ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                    ],
                    options={
                        'ordering': ['-said_at', '-pk'],
                        'constraints': [models.UniqueConstraint(fields=('group', 'form_id'), name='one_word_per_press')],
                    },
                ),
                migrations.CreateModel(
                    name='PairWord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('says', models.CharField(choices=[('fine', 'fine'), ('word', 'needs a word'), ('unknown', "don't know")], max_length=10)),
                        ('match', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='matches.match')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.program')),
                        ('word', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pairs', to='events.groupword')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('word', 'match'), name='one_word_on_a_pair')],
                    },
                ),
                migrations.CreateModel(
                    name='Session',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('due_at', models.DateTimeField(blank=True, help_text='empty: no date', null=True)),
                        ('late_at', models.DateTimeField(blank=True, null=True)),
                        ('lapses_at', models.DateTimeField(blank=True, null=True)),
                        ('kept_at', models.DateTimeField(blank=True, null=True)),
                        ('missed_at', models.DateTimeField(blank=True, null=True)),
                        ('excused_at', models.DateTimeField(blank=True, null=True)),
                        ('excuse', models.CharField(blank=True, max_length=200)),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('starts_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField()),
                        ('place', models.CharField(blank=True, max_length=120)),
                        ('plan', models.TextField(blank=True, help_text='what is planned; the lead and staff read it')),
                        ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='events.group')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='programs.program')),
                    ],
                    options={
                        'ordering': ['starts_at', 'pk'],
                        'indexes': [models.Index(fields=['program', 'starts_at'], name='sessions_of_a_day')],
                        'constraints': [models.UniqueConstraint(fields=('group', 'starts_at'), name='one_session_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('excused_at', None), ('missed_at', None)), models.Q(('excused_at', None), ('kept_at', None)), models.Q(('kept_at', None), ('missed_at', None)), _connector='OR'), name='session_has_one_outcome')],
                    },
                ),
                migrations.CreateModel(
                    name='Presence',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('was_there', models.BooleanField(blank=True, null=True)),
                        ('marked_at', models.DateTimeField()),
                        ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='presences', to='people.participant')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.program')),
                        ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                        ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presences', to='events.session')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('session', 'participant'), name='one_presence_each')],
                    },
                ),
                migrations.CreateModel(
                    name='EventDay',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('name', models.CharField(max_length=120)),
                        ('about', models.CharField(blank=True, help_text='what it is; everybody asked reads this', max_length=500)),
                        ('starts_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField()),
                        ('place', models.CharField(blank=True, max_length=200)),
                        ('room', models.PositiveSmallIntegerField(blank=True, help_text='how many may come; empty: any number', null=True)),
                        ('made_at', models.DateTimeField()),
                        ('changed_at', models.DateTimeField()),
                        ('version', models.PositiveSmallIntegerField(default=0)),
                        ('off_at', models.DateTimeField(blank=True, help_text='called off', null=True)),
                        ('form_id', models.CharField(max_length=60, unique=True)),
                        ('host', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='event_days', to='programs.program')),
                        ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.site')),
                    ],
                    options={
                        'ordering': ['-starts_at', '-pk'],
                        'indexes': [models.Index(fields=['program', '-starts_at'], name='event_days_of_a_program')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='an_event_ends_after_it_begins')],
                    },
                ),
                migrations.CreateModel(
                    name='EventPair',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('noted_at', models.DateTimeField()),
                        ('day', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pairs', to='events.eventday')),
                        ('match', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='matches.match')),
                        ('mentee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.participant')),
                        ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.participant')),
                        ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.program')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(fields=('day', 'mentor', 'mentee'), name='one_talk_each_at_an_event')],
                    },
                ),
                migrations.CreateModel(
                    name='Invitation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('state', models.CharField(choices=[('invited', 'invited'), ('coming', 'coming'), ('not-coming', 'not coming')], default='invited', max_length=10)),
                        ('invited_at', models.DateTimeField()),
                        ('answered_at', models.DateTimeField(blank=True, null=True)),
                        ('source', models.CharField(blank=True, help_text='link, paper, phone, person, interpreter', max_length=20)),
                        ('said_on', models.DateField(blank=True, null=True)),
                        ('witness', models.CharField(blank=True, max_length=120)),
                        ('came', models.BooleanField(blank=True, help_text='empty: nobody has said', null=True)),
                        ('marked_at', models.DateTimeField(blank=True, null=True)),
                        ('day', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='events.eventday')),
                        ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='people.participant')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.program')),
                        ('said_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['participant', 'day'], name='invitations_of_somebody')],
                        'constraints': [models.UniqueConstraint(fields=('day', 'participant'), name='one_invitation_each'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('state', 'invited')), models.Q(models.Q(('state', 'invited'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='an_answered_invitation_says_when')],
                    },
                ),
            ],
        ),
    ]
