"""The tables as they were on 26 November 2026: a new install makes them at once. An older one goes on step by step."""

import django.db.models.deletion
import django.db.models.functions.text
import rapport.core.refs
import rapport.people.models.restriction
import rapport.people.names
from django.conf import settings
from django.db import migrations, models

from rapport.core.at_once import CreateTables


class Migration(migrations.Migration):

    replaces = [('people', '0001_initial'), ('people', '0002_find_names_by_how_they_begin'), ('people', '0003_list_people_of_a_program'), ('people', '0004_consents_say_who_wrote_them_down'), ('people', '0005_restrictions_have_a_paper_a_reviewer_and_an_end'), ('people', '0006_who_may_be_one'), ('people', '0007_addresses_are_found_whatever_their_case'), ('people', '0008_ways_have_an_order_best_times_and_who_reads_them'), ('people', '0009_old_addresses_and_names_lead_on'), ('people', '0010_papers_are_sealed_and_one_press_is_one_restriction'), ('people', '0011_what_they_say_may_be_told_or_published'), ('people', '0012_what_is_said_until_a_day_is_found'), ('people', '0013_a_no_is_set_aside_by_a_named_person'), ('people', '0014_former_names_are_found'), ('people', '0015_guardians_say_how_far_their_own_words_go'), ('people', '0016_children_a_parent_tells_of'), ('people', '0017_ended_guardianships_are_found')]

    initial = True

    dependencies = [
        ('access', '__first__'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('programs', '0008_activities'),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Person',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('given_name', models.CharField(max_length=100)),
                        ('family_name', models.CharField(blank=True, max_length=100)),
                        ('born_on', models.DateField(blank=True, null=True)),
                        ('language', models.CharField(default='en', max_length=10)),
                        ('added_at', models.DateTimeField()),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='programs.organization')),
                        ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='person', to=settings.AUTH_USER_MODEL)),
                        ('reads_it', models.BooleanField(default=True, help_text='reads that language; who does not is talked with')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['organization', 'family_name', 'given_name', 'id'], name='people_pers_organiz_fb83be_idx'), models.Index(rapport.people.names.Folded('given_name'), name='person_given_name_begins'), models.Index(rapport.people.names.Folded('family_name'), name='person_family_name_begins'), models.Index(fields=['born_on'], name='person_born_on'), models.Index(fields=['organization', 'born_on'], name='people_pers_organiz_b4db22_idx')],
                    },
                ),
                migrations.CreateModel(
                    name='Participant',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('side', models.CharField(choices=[('mentor', 'mentor'), ('mentee', 'mentee')], max_length=6)),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('capacity', models.PositiveSmallIntegerField(default=1, help_text='how many matches at a time')),
                        ('would_be_both', models.BooleanField(default=False, help_text='willing to be mentor and mentee')),
                        ('traits', models.JSONField(blank=True, default=dict, help_text='what matching looks at, by column')),
                        ('joined_at', models.DateTimeField()),
                        ('left_at', models.DateTimeField(blank=True, null=True)),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participants', to='programs.program')),
                        ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='participants', to='programs.site')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='people.person')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['program', 'side', 'id'], name='people_part_program_b7e504_idx'), models.Index(fields=['program', 'id'], name='people_part_program_b231ce_idx')],
                        'constraints': [models.UniqueConstraint(fields=('program', 'person', 'side'), name='one_participation_each')],
                    },
                ),
                migrations.CreateModel(
                    name='Guardianship',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('relation', models.CharField(blank=True, max_length=60)),
                        ('is_told', models.BooleanField(default=True, help_text='hears how it goes, and is asked')),
                        ('consents', models.BooleanField(default=True, help_text='gives or withdraws permission')),
                        ('sees_progress', models.BooleanField(default=False)),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField(blank=True, null=True)),
                        ('adult', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='children', to='people.person')),
                        ('child', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guardians', to='people.person')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('ends_on__isnull', False)), fields=['ends_on'], name='guardianship_ended')],
                        'constraints': [models.UniqueConstraint(fields=('adult', 'child'), name='one_guardianship_each'), models.CheckConstraint(condition=models.Q(('adult', models.F('child')), _negated=True), name='nobody_is_their_own_guardian')],
                    },
                ),
                migrations.CreateModel(
                    name='ExternalId',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('source', models.CharField(max_length=60)),
                        ('value', models.CharField(max_length=200)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.organization')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='external_ids', to='people.person')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('organization', 'source', 'value'), name='one_person_per_id')],
                    },
                ),
                migrations.CreateModel(
                    name='ContactPoint',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('email', 'e-mail'), ('text', 'text message'), ('phone', 'phone'), ('school', 'through the school'), ('letter', 'letter home'), ('pick-up', 'at pick-up'), ('in-person', 'in person'), ('interpreter', 'with an interpreter')], max_length=12)),
                        ('value', models.CharField(help_text='an address, a number, or how to', max_length=254)),
                        ('is_private', models.BooleanField(default=True)),
                        ('broken_at', models.DateTimeField(blank=True, help_text='since when nothing arrives there', null=True)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contact_points', to='people.person')),
                        ('asked_at', models.DateTimeField(blank=True, help_text='private, says one; a second has to look', null=True)),
                        ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('asked_why', models.CharField(blank=True, max_length=300)),
                        ('best_days', models.CharField(blank=True, help_text='days of the week, 1 is Monday; empty: any', max_length=7)),
                        ('best_from', models.TimeField(blank=True, null=True)),
                        ('best_until', models.TimeField(blank=True, null=True)),
                        ('changed_since', models.BooleanField(default=False, help_text='what was said does not fit any more: look again')),
                        ('known_then', models.JSONField(blank=True, default=list, help_text='who else had it when that was said')),
                        ('note', models.CharField(blank=True, max_length=200)),
                        ('rank', models.PositiveSmallIntegerField(default=100, help_text='1 is liked best')),
                        ('said_at', models.DateTimeField(blank=True, help_text='when somebody said who reads it', null=True)),
                        ('said_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('said_why', models.CharField(blank=True, max_length=300)),
                        ('interpreter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.interpreter')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['kind', 'value'], name='people_cont_kind_2fd80d_idx'), models.Index(models.F('kind'), django.db.models.functions.text.Lower('value'), name='way_whatever_its_case'), models.Index(condition=models.Q(('broken_at__isnull', False)), fields=['broken_at'], name='way_broken')],
                        'constraints': [models.UniqueConstraint(fields=('person', 'kind', 'value'), name='one_contact_point_each')],
                    },
                ),
                migrations.CreateModel(
                    name='Consent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('purpose', models.CharField(choices=[('join', 'take part'), ('share-basics', 'first name and interests go to the mentor'), ('share-needs', 'what my mentor should know'), ('messages', 'be written to'), ('photo', 'photos'), ('research', 'research'), ('tell-partner', 'what they say may be told to the one they meet'), ('publish', 'name, words or picture are shown outside')], max_length=20)),
                        ('is_given', models.BooleanField()),
                        ('text_version', models.CharField(blank=True, max_length=40)),
                        ('language', models.CharField(default='en', max_length=10)),
                        ('channel', models.CharField(blank=True, help_text='link, paper, voice; and who saw it', max_length=40)),
                        ('given_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField(blank=True, null=True)),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='programs.program')),
                        ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents_given', to='people.person')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='people.person')),
                        ('evidence', models.CharField(blank=True, help_text='who witnessed it, or interpreted', max_length=200)),
                        ('recorded_by', models.ForeignKey(blank=True, help_text='who wrote it down; empty: they said so themselves', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('as_guardian', models.BooleanField(db_default=False, default=False, help_text='about what they themselves tell as a guardian')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['program', 'person', 'purpose', '-given_at'], name='people_cons_program_f58699_idx'), models.Index(condition=models.Q(('expires_at__isnull', False)), fields=['expires_at'], name='consent_ends')],
                    },
                ),
                migrations.CreateModel(
                    name='Restriction',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.TextField()),
                        ('document', models.CharField(blank=True, max_length=200)),
                        ('starts_on', models.DateField()),
                        ('review_on', models.DateField()),
                        ('ends_on', models.DateField(blank=True, null=True)),
                        ('recorded_at', models.DateTimeField()),
                        ('kept_away', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kept_away_from', to='people.person')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='restrictions', to='programs.program')),
                        ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='protected_from', to='people.person')),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('paper', models.FileField(blank=True, help_text='the paper itself, where it was scanned', upload_to=rapport.people.models.restriction.paper_place)),
                        ('paper_name', models.CharField(blank=True, max_length=120)),
                        ('reviewer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('ended_at', models.DateTimeField(blank=True, help_text='when somebody said that it ends, or ended', null=True)),
                        ('ended_why', models.CharField(blank=True, max_length=300)),
                        ('form_id', models.CharField(blank=True, help_text='one press of the button is one restriction', max_length=40)),
                        ('paper_key', models.CharField(blank=True, help_text='which key the paper is sealed with', max_length=8)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('form_id', ''), _negated=True), fields=('program', 'form_id'), name='one_restriction_per_press')],
                    },
                ),
                migrations.CreateModel(
                    name='Likeness',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('why', models.CharField(choices=[('way', 'the same address or number'), ('born', 'born on the same day, and called nearly alike'), ('name', 'called the same')], max_length=4)),
                        ('found_at', models.DateTimeField()),
                        ('apart_at', models.DateTimeField(blank=True, help_text='when somebody said that they are two', null=True)),
                        ('apart_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('first', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
                        ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
                    ],
                    options={
                        'verbose_name_plural': 'likenesses',
                        'constraints': [models.UniqueConstraint(fields=('first', 'second'), name='one_likeness_each')],
                    },
                ),
                migrations.CreateModel(
                    name='Interpreter',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                        ('name', models.CharField(max_length=100)),
                        ('reach', models.CharField(blank=True, help_text='how to reach them', max_length=200)),
                        ('languages', models.CharField(blank=True, max_length=100)),
                        ('is_service', models.BooleanField(default=False, help_text='a service with its own interpreters')),
                        ('promised_on', models.DateField(help_text='the day they promised to keep to themselves what they hear')),
                        ('noted_at', models.DateTimeField()),
                        ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interpreters', to='programs.program')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('program', 'name'), name='one_interpreter_per_name')],
                    },
                ),
                migrations.CreateModel(
                    name='FormerName',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('given_name', models.CharField(max_length=100)),
                        ('family_name', models.CharField(blank=True, max_length=100)),
                        ('born_on', models.DateField(blank=True, null=True)),
                        ('left_at', models.DateTimeField()),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_names', to='people.person')),
                    ],
                    options={
                        'indexes': [models.Index(rapport.people.names.Folded('given_name'), name='former_given_name_begins'), models.Index(rapport.people.names.Folded('family_name'), name='former_family_name_begins')],
                    },
                ),
                migrations.CreateModel(
                    name='OldRef',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('about_id', models.BigIntegerField(blank=True, null=True)),
                        ('ref', models.CharField(max_length=12, unique=True)),
                        ('left_at', models.DateTimeField()),
                        ('about_type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                    ],
                    options={
                        'abstract': False,
                        'indexes': [models.Index(fields=['about_type', 'about_id'], name='people_oldr_about_t_729d8c_idx')],
                    },
                ),
                migrations.CreateModel(
                    name='SetAside',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('why', models.TextField()),
                        ('at', models.DateTimeField()),
                        ('back_at', models.DateTimeField(blank=True, help_text='when somebody let the no count again', null=True)),
                        ('back_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('consent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='set_aside', to='people.consent')),
                        ('decides', models.ForeignKey(help_text='whose word counts now', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.program')),
                    ],
                    options={
                        'verbose_name_plural': 'noes set aside',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('back_at', None)), fields=('consent',), name='a_no_is_set_aside_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ToldChild',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('first_name', models.CharField(max_length=60)),
                        ('school_year', models.CharField(blank=True, max_length=40)),
                        ('school', models.CharField(blank=True, max_length=80)),
                        ('told_at', models.DateTimeField()),
                        ('parent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='told_children', to='people.participant')),
                        ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='told_children', to='programs.program')),
                        ('told_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name_plural': 'told children',
                        'constraints': [models.UniqueConstraint(fields=('parent', 'first_name', 'school_year', 'school'), name='a_child_is_told_once')],
                    },
                ),
            ],
        ),
    ]
