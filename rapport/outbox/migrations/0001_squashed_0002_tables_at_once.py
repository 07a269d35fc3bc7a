"""The tables as they were on 26 November 2026: a new install makes them at once. An older one goes on step by step."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from rapport.core.at_once import CreateTables


class Migration(migrations.Migration):

    replaces = [('outbox', '0001_initial'), ('outbox', '0002_kinds_let_go')]

    initial = True

    dependencies = [
        ('access', '__first__'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('people', '0001_initial'),
        ('programs', '0004_limits_in_years'),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Message',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('about_id', models.BigIntegerField(blank=True, null=True)),
                        ('kind', models.CharField(max_length=60)),
                        ('address', models.CharField(blank=True, help_text='only for mail from below: a literal address', max_length=254)),
                        ('subject', models.CharField(blank=True, max_length=300)),
                        ('body', models.TextField(blank=True, help_text='only for mail from below; wiped when final')),
                        ('facts', models.JSONField(blank=True, default=dict)),
                        ('dedupe_key', models.CharField(max_length=200, unique=True)),
                        ('state', models.CharField(choices=[('held', 'waits for release'), ('pending', 'waiting'), ('claimed', 'being sent'), ('accepted', 'sent'), ('failed', 'did not arrive'), ('suppressed', 'no longer wanted'), ('expired', 'too late to send')], default='pending', max_length=10)),
                        ('is_urgent', models.BooleanField(default=False, help_text='safety and sign-in: no quiet hours, sent first')),
                        ('queued_at', models.DateTimeField()),
                        ('next_at', models.DateTimeField(help_text='when delivery must look at it next')),
                        ('not_after', models.DateTimeField(blank=True, null=True)),
                        ('attempts', models.PositiveSmallIntegerField(default=0)),
                        ('lease_until', models.DateTimeField(blank=True, null=True)),
                        ('claimed_by', models.CharField(blank=True, max_length=40)),
                        ('message_id', models.CharField(blank=True, max_length=120)),
                        ('final_at', models.DateTimeField(blank=True, null=True)),
                        ('why', models.CharField(blank=True, help_text='why it was not sent', max_length=200)),
                        ('about_type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                        ('program', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='programs.program')),
                        ('to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='people.person')),
                        ('released_at', models.DateTimeField(blank=True, help_text='when somebody let this very one go', null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['about_type', 'about_id'], name='outbox_mess_about_t_46c9a9_idx'), models.Index(condition=models.Q(('state', 'pending')), fields=['-is_urgent', 'next_at', 'id'], name='outbox_due'), models.Index(condition=models.Q(('state', 'claimed')), fields=['lease_until'], name='outbox_claimed'), models.Index(fields=['program', 'state', 'id'], name='outbox_mess_program_1d0f2f_idx'), models.Index(fields=['to', 'queued_at'], name='outbox_mess_to_id_b364f9_idx')],
                    },
                ),
                migrations.CreateModel(
                    name='Link',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('about_id', models.BigIntegerField(blank=True, null=True)),
                        ('purpose', models.CharField(max_length=40)),
                        ('token_hash', models.CharField(max_length=64, unique=True)),
                        ('issued_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField()),
                        ('closed_at', models.DateTimeField(blank=True, null=True)),
                        ('about_type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='people.person')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='programs.program')),
                        ('message', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='links', to='outbox.message')),
                    ],
                    options={
                        'abstract': False,
                        'indexes': [models.Index(fields=['about_type', 'about_id'], name='outbox_link_about_t_067fe7_idx')],
                    },
                ),
                migrations.CreateModel(
                    name='Delivery',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField()),
                        ('address', models.CharField(max_length=254)),
                        ('outcome', models.CharField(choices=[('accepted', 'taken by the carrier'), ('deferred', 'try again later'), ('refused', 'refused for good'), ('lost-contact', 'the carrier fell silent')], max_length=12)),
                        ('detail', models.CharField(blank=True, max_length=300)),
                        ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='outbox.message')),
                    ],
                ),
                migrations.CreateModel(
                    name='LetGo',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=60)),
                        ('since_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(blank=True, help_text='taken back, or quiet start is over', null=True)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kinds_let_go', to='programs.program')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('program', 'kind'), name='one_letting_go_each')],
                    },
                ),
            ],
        ),
    ]
