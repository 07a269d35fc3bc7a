"""The tables as they were on 26 November 2026: a new install makes them at once. An older one goes on step by step."""

import django.db.models.deletion
import django.db.models.functions.text
import rapport.core.refs
from django.conf import settings
from django.db import migrations, models

from rapport.core.at_once import CreateTables


class Migration(migrations.Migration):

    replaces = [('access', '0001_initial'), ('access', '0002_a_right_to_record_restrictions'), ('access', '0003_a_way_in_by_word_of_mouth'), ('access', '0004_a_way_in_from_the_command_line'), ('access', '0005_what_was_typed'), ('access', '0006_a_right_to_read_messages_that_wait'), ('access', '0007_lead_groups')]

    initial = True

    dependencies = [
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Role',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('slug', models.SlugField(unique=True)),
                        ('name', models.CharField(max_length=60)),
                        ('is_staff', models.BooleanField(default=False)),
                    ],
                ),
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('email', models.EmailField(max_length=254)),
                        ('name', models.CharField(max_length=200)),
                        ('is_active', models.BooleanField(default=True)),
                        ('joined_at', models.DateTimeField()),
                        ('left_at', models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='one_user_per_address')],
                    },
                ),
                migrations.CreateModel(
                    name='Grant',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('right', models.CharField(choices=[('house.manage', 'manage the house: users, backups, settings'), ('program.view', 'see the program'), ('program.edit', "change the program's settings"), ('staff.view', 'see who works here'), ('staff.invite', 'invite staff'), ('audit.view', 'see who did what'), ('participant.view', 'see participants'), ('participant.edit', 'change participants'), ('contact.view', 'see how to reach people'), ('clearance.edit', 'record clearances, permissions and training'), ('import', 'bring in files'), ('match.view', 'see matches'), ('match.edit', 'propose, begin and pause matches'), ('match.close', 'end matches'), ('matching.run', 'draft and publish rounds'), ('meeting.edit', 'plan and record meetings'), ('group.lead', 'lead groups of their own'), ('answer.view', 'read answers to check-ins'), ('talk', 'record talks'), ('task.do', 'have a Today desk'), ('message.view', 'read messages that wait'), ('message.release', 'release messages that wait'), ('concern.raise', 'raise a safety concern'), ('restriction.edit', 'record who is kept away from whom, and read why'), ('concern.lead', 'read and handle safety concerns'), ('own.pages', "see one's own pages")], max_length=40)),
                        ('scope', models.CharField(choices=[('program', 'the whole program'), ('site', 'own site'), ('caseload', 'own caseload'), ('own record', 'own record'), ('own child', 'own child'), ('own active match', 'own active match')], max_length=40)),
                        ('role', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='access.role')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('role', 'right', 'scope'), name='one_grant_each')],
                    },
                ),
                migrations.CreateModel(
                    name='WayIn',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('secret', models.CharField(max_length=64)),
                        ('given_at', models.DateTimeField()),
                        ('until_at', models.DateTimeField()),
                        ('used_at', models.DateTimeField(blank=True, null=True)),
                        ('given_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ways_in', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='Draft',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('path', models.CharField(help_text='the address of the form', max_length=500)),
                        ('sealed', models.BinaryField()),
                        ('kept_at', models.DateTimeField()),
                        ('until_at', models.DateTimeField()),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['until_at'], name='draft_until')],
                        'constraints': [models.UniqueConstraint(fields=('user', 'path'), name='one_draft_for_each_form')],
                    },
                ),
            ],
        ),
    ]
