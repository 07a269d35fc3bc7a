"""The tables as they were on 26 November 2026: a new install makes them at once. An older one goes on step by step."""

import django.db.models.deletion
import rapport.core.refs
from django.conf import settings
from django.db import migrations, models

from rapport.core.at_once import CreateTables


class Migration(migrations.Migration):

    replaces = [('onboarding', '0001_initial'), ('onboarding', '0002_asking_for_permission'), ('onboarding', '0003_decisions_and_leaving'), ('onboarding', '0004_words_for_telling_and_publishing'), ('onboarding', '0005_texts_say_whose_they_are'), ('onboarding', '0006_training_of_a_guardian'), ('onboarding', '0007_guardians_are_asked_of_their_own_words')]

    initial = True

    dependencies = [
        ('access', '__first__'),
        ('people', '0010_papers_are_sealed_and_one_press_is_one_restriction'),
        ('programs', '0005_named_roles_and_training_of_staff'),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Gate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(choices=[('clearance', 'background check'), ('permission', "guardian's permission"), ('assent', "the young person's own yes"), ('training', 'training'), ('guardian-training', 'training of a guardian'), ('interview', 'interview'), ('references', 'references'), ('supervisor', 'an adult supervisor'), ('consent', 'own agreement to join')], max_length=20)),
                        ('is_met', models.BooleanField(help_text='no: seen, and not clear, or withdrawn')),
                        ('met_on', models.DateField(help_text='the day on the paper, or of the yes')),
                        ('valid_until_on', models.DateField(blank=True, null=True)),
                        ('seen_at', models.DateTimeField()),
                        ('how', models.CharField(blank=True, help_text='certificate seen, on paper, by phone', max_length=120)),
                        ('hours', models.DecimalField(blank=True, decimal_places=2, help_text='of training', max_digits=5, null=True)),
                        ('given_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='gates_given', to='people.person')),
                        ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gates', to='people.participant')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gates', to='programs.program')),
                        ('seen_by', models.ForeignKey(blank=True, help_text='empty: they said so themselves, by their link', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['program', 'code', 'valid_until_on'], name='onboarding__program_3222ed_idx')],
                        'constraints': [models.UniqueConstraint(fields=('participant', 'code'), name='one_gate_each')],
                    },
                ),
                migrations.CreateModel(
                    name='ConsentAsk',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('purposes', models.JSONField(default=list)),
                        ('by_letter', models.BooleanField(default=False)),
                        ('counts_until_on', models.DateField(blank=True, help_text='the last day of a yes; empty: no end', null=True)),
                        ('made_at', models.DateTimeField()),
                        ('answered_at', models.DateTimeField(blank=True, null=True)),
                        ('closed_at', models.DateTimeField(blank=True, help_text='it reached somebody else', null=True)),
                        ('form_id', models.CharField(max_length=40, unique=True)),
                        ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consent_asks', to='people.participant')),
                        ('person', models.ForeignKey(help_text='who is asked', on_delete=django.db.models.deletion.PROTECT, related_name='consent_asks', to='people.person')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consent_asks', to='programs.program')),
                        ('of_own_words', models.BooleanField(db_default=False, default=False, help_text='a guardian: how far what they tell us themselves may go')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['participant', '-made_at'], name='consent_ask_of')],
                    },
                ),
                migrations.CreateModel(
                    name='ConsentText',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('purpose', models.CharField(choices=[('join', 'take part'), ('share-basics', 'first name and interests go to the mentor'), ('share-needs', 'what my mentor should know'), ('messages', 'be written to'), ('photo', 'photos'), ('research', 'research'), ('tell-partner', 'what they say may be told to the one they meet'), ('publish', 'name, words or picture are shown outside')], max_length=20)),
                        ('voice', models.CharField(choices=[('child', 'a guardian, for a child'), ('self', 'for oneself'), ('adult', 'a guardian, for what they say themselves')], max_length=5)),
                        ('language', models.CharField(max_length=10)),
                        ('version', models.PositiveSmallIntegerField()),
                        ('title', models.CharField(max_length=120)),
                        ('words', models.TextField()),
                        ('who_sees', models.CharField(help_text='who may see what is shared', max_length=300)),
                        ('written_at', models.DateTimeField()),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consent_texts', to='programs.program')),
                        ('written_by', models.ForeignKey(blank=True, help_text="empty: Rapport's own words, or those of the file that made the program", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('is_own', models.BooleanField(db_default=False, default=False, help_text="the program's own words, not Rapport's")),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('program', 'purpose', 'voice', 'language', 'version'), name='one_consent_text_per_version')],
                    },
                ),
                migrations.CreateModel(
                    name='Decision',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('says', models.CharField(choices=[('suitable', 'suitable'), ('later', 'not now, later'), ('not-suitable', 'not the place for them')], max_length=12)),
                        ('reason', models.TextField(blank=True)),
                        ('referral', models.CharField(blank=True, help_text='what else may help them, and who told them', max_length=300)),
                        ('look_again_on', models.DateField(blank=True, null=True)),
                        ('decided_at', models.DateTimeField()),
                        ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='people.participant')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='programs.program')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['participant', '-id'], name='decision_of')],
                    },
                ),
                migrations.CreateModel(
                    name='Leaving',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('why', models.CharField(choices=[('wish', 'their own wish'), ('time', 'no time for it now'), ('moved', 'moved away, or left the school'), ('done', 'found what they came for'), ('silent', 'cannot be reached any more'), ('not-suitable', 'not the place for them'), ('other', 'another reason')], max_length=12)),
                        ('words', models.TextField(blank=True, help_text='for staff alone')),
                        ('left_on', models.DateField(help_text='the last day')),
                        ('said_at', models.DateTimeField()),
                        ('back_at', models.DateTimeField(blank=True, null=True)),
                        ('back_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leavings', to='people.participant')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leavings', to='programs.program')),
                        ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('back_at', None)), fields=('participant',), name='one_leaving_at_a_time')],
                    },
                ),
            ],
        ),
    ]
