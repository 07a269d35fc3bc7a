"""The tables as they were on 26 November 2026: a new install makes them at once. An older one goes on step by step."""

import django.db.models.deletion
import rapport.core.refs
from django.conf import settings
from django.db import migrations, models

from rapport.core.at_once import CreateTables


class Migration(migrations.Migration):

    replaces = [('programs', '0001_initial'), ('programs', '0002_point_rules'), ('programs', '0003_one_membership_each_on_every_database'), ('programs', '0004_limits_in_years'), ('programs', '0005_named_roles_and_training_of_staff'), ('programs', '0006_settings_of_the_organization'), ('programs', '0007_places_and_days_open_again'), ('programs', '0008_activities'), ('programs', '0009_what_is_asked_after_an_event'), ('programs', '0010_contacts_by_message_count_by_their_own_rule')]

    initial = True

    dependencies = [
        ('access', '0001_initial'),
        ('access', '__first__'),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Organization',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=200)),
                        ('languages', models.JSONField(blank=True, default=list)),
                        ('quiet_from', models.PositiveSmallIntegerField(blank=True, null=True)),
                        ('quiet_until', models.PositiveSmallIntegerField(blank=True, null=True)),
                        ('time_zone', models.CharField(db_default='UTC', default='UTC', help_text='of new programs', max_length=50)),
                        ('words', models.JSONField(blank=True, default=dict)),
                    ],
                ),
                migrations.CreateModel(
                    name='Program',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('slug', models.SlugField(unique=True)),
                        ('name', models.CharField(max_length=120)),
                        ('profile', models.SlugField()),
                        ('time_zone', models.CharField(default='UTC', max_length=50)),
                        ('languages', models.JSONField(default=list)),
                        ('words', models.JSONField(blank=True, default=dict, help_text='own words, such as {"match": "buddies"}')),
                        ('contact_line', models.CharField(blank=True, help_text='how participants reach the program', max_length=200)),
                        ('adults_only', models.BooleanField(default=False)),
                        ('one_to_one', models.BooleanField(default=True)),
                        ('using_since_on', models.DateField(help_text='nothing before this day is due, late or counted')),
                        ('quiet_start', models.BooleanField(default=False, help_text='everything outgoing waits for release')),
                        ('archived_at', models.DateTimeField(blank=True, null=True)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='programs', to='programs.organization')),
                        ('follows', models.JSONField(blank=True, default=list, help_text='settings taken over from the organization')),
                    ],
                ),
                migrations.CreateModel(
                    name='Site',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('name', models.CharField(max_length=120)),
                        ('emergency_numbers', models.CharField(blank=True, max_length=200)),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sites', to='programs.program')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('program', 'name'), name='one_site_per_name')],
                    },
                ),
                migrations.CreateModel(
                    name='Membership',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField(blank=True, null=True)),
                        ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='access.role')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='programs.program')),
                        ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='programs.site')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['user', 'program'], name='programs_me_user_id_99207c_idx')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ends_at', None), ('site', None)), fields=('user', 'program', 'role'), name='one_membership_each'), models.UniqueConstraint(condition=models.Q(('ends_at', None)), fields=('user', 'program', 'role', 'site'), name='one_membership_each_of_a_site')],
                    },
                ),
                migrations.CreateModel(
                    name='ClosedTime',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('holiday', 'holiday'), ('exams', 'exams'), ('closure', 'closed')], default='holiday', max_length=10)),
                        ('name', models.CharField(blank=True, max_length=120)),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField(help_text='the last closed day')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closed_times', to='programs.program')),
                        ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='closed_times', to='programs.site')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='closed_time_ends_after_start')],
                    },
                ),
                migrations.CreateModel(
                    name='Limit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('source', models.CharField(max_length=300)),
                        ('source_url', models.URLField(blank=True, max_length=500)),
                        ('mark', models.CharField(choices=[('V', 'seen in a public page'), ('O', 'seen in a toolkit that restates a standard'), ('S', 'asked for by the field'), ('R', 'recalled, to be checked'), ('D', 'our own choice')], default='D', max_length=1)),
                        ('code', models.SlugField(max_length=60)),
                        ('value', models.PositiveIntegerField()),
                        ('unit', models.CharField(choices=[('days', 'days'), ('hours', 'hours'), ('minutes', 'minutes'), ('workdays', 'working days'), ('open-days', 'open days'), ('years', 'years'), ('count', 'times'), ('percent', 'per cent'), ('oclock', "o'clock")], max_length=9)),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='limits', to='programs.program')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('program', 'code'), name='one_limit_per_code')],
                    },
                ),
                migrations.CreateModel(
                    name='GateRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('source', models.CharField(max_length=300)),
                        ('source_url', models.URLField(blank=True, max_length=500)),
                        ('mark', models.CharField(choices=[('V', 'seen in a public page'), ('O', 'seen in a toolkit that restates a standard'), ('S', 'asked for by the field'), ('R', 'recalled, to be checked'), ('D', 'our own choice')], default='D', max_length=1)),
                        ('side', models.CharField(choices=[('mentor', 'mentor'), ('mentee', 'mentee'), ('guardian', 'guardian'), ('school', 'school'), ('team-lead', 'team lead')], max_length=10)),
                        ('code', models.SlugField(max_length=40)),
                        ('weight', models.CharField(choices=[('hard', 'must be met'), ('soft', 'should be met'), ('off', 'not asked for')], default='hard', max_length=4)),
                        ('minors_only', models.BooleanField(default=False, help_text='asked only where the match has a minor in it')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='gate_rules', to='programs.program')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('program', 'side', 'code'), name='one_gate_rule_each')],
                    },
                ),
                migrations.CreateModel(
                    name='Promise',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('source', models.CharField(max_length=300)),
                        ('source_url', models.URLField(blank=True, max_length=500)),
                        ('mark', models.CharField(choices=[('V', 'seen in a public page'), ('O', 'seen in a toolkit that restates a standard'), ('S', 'asked for by the field'), ('R', 'recalled, to be checked'), ('D', 'our own choice')], default='D', max_length=1)),
                        ('code', models.SlugField(max_length=60)),
                        ('kind', models.CharField(choices=[('meeting', 'the pair meets'), ('check-in', 'we ask how it goes'), ('talk', 'we talk with them'), ('aim', 'the pair aims at')], max_length=10)),
                        ('party', models.CharField(blank=True, choices=[('mentor', 'mentor'), ('mentee', 'mentee'), ('guardian', 'guardian'), ('school', 'school'), ('team-lead', 'team lead')], max_length=10)),
                        ('is_on', models.BooleanField(default=True)),
                        ('why_off', models.CharField(blank=True, max_length=200)),
                        ('first_days', models.JSONField(blank=True, default=list)),
                        ('every', models.PositiveSmallIntegerField(blank=True, null=True)),
                        ('unit', models.CharField(blank=True, choices=[('days', 'days'), ('weeks', 'weeks'), ('months', 'months')], max_length=6)),
                        ('grace_days', models.PositiveSmallIntegerField(default=7)),
                        ('minutes', models.PositiveSmallIntegerField(blank=True, help_text='length of one meeting', null=True)),
                        ('hours_a_month', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                        ('until_month', models.PositiveSmallIntegerField(blank=True, null=True)),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='programs.program')),
                        ('asks', models.CharField(blank=True, choices=[('', 'how it goes'), ('in-touch', 'whether they have been in touch since the event'), ('where-now', 'where they are now, and whether they are still in touch')], db_default='', default='', max_length=10)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('program', 'code'), name='one_promise_per_code')],
                    },
                ),
                migrations.CreateModel(
                    name='PointRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('source', models.CharField(max_length=300)),
                        ('source_url', models.URLField(blank=True, max_length=500)),
                        ('mark', models.CharField(choices=[('V', 'seen in a public page'), ('O', 'seen in a toolkit that restates a standard'), ('S', 'asked for by the field'), ('R', 'recalled, to be checked'), ('D', 'our own choice')], default='D', max_length=1)),
                        ('moment', models.CharField(choices=[('begin', 'before it starts'), ('close', 'before it ends')], max_length=5)),
                        ('code', models.SlugField(max_length=60)),
                        ('label', models.CharField(max_length=200)),
                        ('is_required', models.BooleanField(default=True)),
                        ('needs_words', models.BooleanField(default=False, help_text='ticked with a few words, not by itself')),
                        ('minors_only', models.BooleanField(default=False, help_text='asked only where the match has a minor in it')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='point_rules', to='programs.program')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(fields=('program', 'moment', 'code'), name='one_point_rule_each')],
                    },
                ),
                migrations.CreateModel(
                    name='Post',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('source', models.CharField(max_length=300)),
                        ('source_url', models.URLField(blank=True, max_length=500)),
                        ('mark', models.CharField(choices=[('V', 'seen in a public page'), ('O', 'seen in a toolkit that restates a standard'), ('S', 'asked for by the field'), ('R', 'recalled, to be checked'), ('D', 'our own choice')], default='D', max_length=1)),
                        ('code', models.SlugField(max_length=40)),
                        ('label', models.CharField(max_length=80)),
                        ('role', models.SlugField(blank=True, help_text='whoever has this role at work here holds it, too')),
                        ('each_site', models.BooleanField(default=False, help_text='one at each site')),
                        ('is_needed', models.BooleanField(default=True, help_text='the program says so while nobody holds it')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to='programs.program')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('program', 'code'), name='one_post_per_code')],
                    },
                ),
                migrations.CreateModel(
                    name='Holder',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(blank=True, max_length=100)),
                        ('reach', models.CharField(blank=True, help_text='how to reach them', max_length=200)),
                        ('since_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('named_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holders', to='programs.program')),
                        ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holders', to='programs.site')),
                        ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holds', to=settings.AUTH_USER_MODEL)),
                        ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holders', to='programs.post')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('user__isnull', False), models.Q(('name', ''), _negated=True), _connector='OR'), name='somebody_holds_it')],
                    },
                ),
                migrations.CreateModel(
                    name='Preparation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('source', models.CharField(max_length=300)),
                        ('source_url', models.URLField(blank=True, max_length=500)),
                        ('mark', models.CharField(choices=[('V', 'seen in a public page'), ('O', 'seen in a toolkit that restates a standard'), ('S', 'asked for by the field'), ('R', 'recalled, to be checked'), ('D', 'our own choice')], default='D', max_length=1)),
                        ('role', models.SlugField()),
                        ('code', models.SlugField(max_length=40)),
                        ('label', models.CharField(max_length=120)),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preparations', to='programs.program')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('program', 'role', 'code'), name='one_preparation_each')],
                    },
                ),
                migrations.CreateModel(
                    name='Prepared',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=40)),
                        ('is_waived', models.BooleanField(default=False)),
                        ('met_on', models.DateField(help_text='the day of it, or of the decision')),
                        ('valid_until_on', models.DateField(blank=True, null=True)),
                        ('words', models.CharField(blank=True, max_length=200)),
                        ('seen_at', models.DateTimeField()),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prepared', to='programs.program')),
                        ('seen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prepared', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name_plural': 'prepared',
                        'indexes': [models.Index(fields=['program', 'user'], name='programs_pr_program_f234cf_idx')],
                    },
                ),
                migrations.CreateModel(
                    name='PlaceRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('source', models.CharField(max_length=300)),
                        ('source_url', models.URLField(blank=True, max_length=500)),
                        ('mark', models.CharField(choices=[('V', 'seen in a public page'), ('O', 'seen in a toolkit that restates a standard'), ('S', 'asked for by the field'), ('R', 'recalled, to be checked'), ('D', 'our own choice')], default='D', max_length=1)),
                        ('mode', models.CharField(choices=[('school', 'at the school or site'), ('public', 'in a public place'), ('home', "at somebody's home"), ('online', 'online'), ('phone', 'by phone'), ('messages', 'by messages'), ('other', 'somewhere else')], max_length=10)),
                        ('says', models.CharField(choices=[('yes', 'yes'), ('review', 'after staff looked at it'), ('no', 'no')], default='yes', max_length=6)),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='place_rules', to='programs.program')),
                        ('per_meeting', models.PositiveSmallIntegerField(db_default=1, default=1, help_text='how many such contacts count as one meeting; 0: they do not count')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(fields=('program', 'mode'), name='one_place_rule_each')],
                    },
                ),
                migrations.CreateModel(
                    name='Reopening',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField()),
                        ('opened_at', models.DateTimeField()),
                        ('looked_at', models.DateTimeField(blank=True, null=True)),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.program')),
                        ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.site')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('looked_at', None)), fields=['program'], name='reopening_to_look_at')],
                    },
                ),
                migrations.CreateModel(
                    name='ActivityRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('source', models.CharField(max_length=300)),
                        ('source_url', models.URLField(blank=True, max_length=500)),
                        ('mark', models.CharField(choices=[('V', 'seen in a public page'), ('O', 'seen in a toolkit that restates a standard'), ('S', 'asked for by the field'), ('R', 'recalled, to be checked'), ('D', 'our own choice')], default='D', max_length=1)),
                        ('code', models.CharField(max_length=30)),
                        ('label', models.CharField(max_length=80)),
                        ('says', models.CharField(choices=[('yes', 'yes'), ('review', 'staff look at it'), ('no', 'not in this program')], default='yes', max_length=6)),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='activity_rules', to='programs.program')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(fields=('program', 'code'), name='one_activity_rule_each')],
                    },
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
            ],
        ),
    ]
