import django.db.models.deletion
import rapport.core.refs
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('matches', '0007_since_when_each_is_in_its_phase'),
        ('people', '0016_children_a_parent_tells_of'),
        ('programs', '0008_activities'),
    ]

    operations = [
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('every', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('unit', models.CharField(blank=True, choices=[('days', 'days'), ('weeks', 'weeks'), ('months', 'months')], max_length=6)),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('hours_a_month', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ('starts_on', models.DateField(blank=True, null=True)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('place', models.CharField(blank=True, max_length=200)),
                ('channels', models.CharField(blank=True, max_length=200)),
                ('hours', models.CharField(blank=True, max_length=200)),
                ('notice_hours', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('goals', models.CharField(blank=True, max_length=500)),
                ('rules', models.TextField(blank=True, help_text='rules of their own')),
                ('overlap', models.CharField(blank=True, choices=[('none', 'none'), ('noted', 'there is one, and this is how it goes')], max_length=5)),
                ('overlap_words', models.CharField(blank=True, max_length=300)),
                ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                ('number', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('draft', 'being written'), ('out', 'out for signature'), ('signed', 'signed'), ('replaced', 'replaced')], default='draft', max_length=8)),
                ('texts', models.JSONField(blank=True, default=dict, help_text='by language and code: which version of each clause')),
                ('why', models.CharField(blank=True, help_text='why there is a new version', max_length=200)),
                ('made_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('signed_at', models.DateTimeField(blank=True, null=True)),
                ('signed_on', models.DateField(blank=True, help_text='the day from which it holds', null=True)),
                ('replaced_at', models.DateTimeField(blank=True, null=True)),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('match', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='matches.match')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='programs.program')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='ClauseRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=300)),
                ('source_url', models.URLField(blank=True, max_length=500)),
                ('mark', models.CharField(choices=[('V', 'seen in a public page'), ('O', 'seen in a toolkit that restates a standard'), ('S', 'asked for by the field'), ('R', 'recalled, to be checked'), ('D', 'our own choice')], default='D', max_length=1)),
                ('code', models.SlugField(max_length=40)),
                ('label', models.CharField(max_length=120)),
                ('is_required', models.BooleanField(default=True)),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clause_rules', to='programs.program')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ClauseText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('language', models.CharField(max_length=10)),
                ('version', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=120)),
                ('words', models.TextField()),
                ('is_own', models.BooleanField(default=False, help_text="the program's own words, not Rapport's")),
                ('written_at', models.DateTimeField()),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clause_texts', to='programs.program')),
                ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                ('section', models.SlugField(max_length=40)),
                ('words', models.CharField(max_length=1000)),
                ('way', models.CharField(default='link', max_length=5)),
                ('made_at', models.DateTimeField()),
                ('fate', models.CharField(blank=True, choices=[('', 'not looked at yet'), ('taken', 'taken in'), ('not-taken', 'not taken in')], max_length=9)),
                ('reply', models.CharField(blank=True, help_text='what is said back to them', max_length=500)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('form_id', models.CharField(max_length=60, unique=True)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='matches.agreement')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.program')),
                ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SignAsk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('party', models.CharField(choices=[('mentor', 'mentor'), ('mentee', 'mentee'), ('guardian', 'guardian'), ('coordinator', 'coordinator')], max_length=11)),
                ('ref', rapport.core.refs.RefField(default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True)),
                ('by_letter', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, help_text='it reached somebody else', null=True)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asks', to='matches.agreement')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sign_asks', to='people.person')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.program')),
            ],
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('party', models.CharField(choices=[('mentor', 'mentor'), ('mentee', 'mentee'), ('guardian', 'guardian'), ('coordinator', 'coordinator')], max_length=11)),
                ('is_yes', models.BooleanField()),
                ('words', models.CharField(blank=True, help_text='what they said with it, for staff alone', max_length=1000)),
                ('way', models.CharField(choices=[('link', 'by their own link'), ('paper', 'on paper'), ('voice', 'by voice, with a witness'), ('desk', 'signed in')], max_length=5)),
                ('language', models.CharField(max_length=10)),
                ('text_hash', models.CharField(help_text='of the whole text as they read it', max_length=64)),
                ('read_with', models.CharField(blank=True, help_text='who read it together with them', max_length=200)),
                ('witness', models.CharField(blank=True, help_text='who heard it', max_length=200)),
                ('kept_at', models.CharField(blank=True, help_text='where the paper is kept', max_length=200)),
                ('signed_on', models.DateField()),
                ('signed_at', models.DateTimeField()),
                ('form_id', models.CharField(max_length=60, unique=True)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='matches.agreement')),
                ('person', models.ForeignKey(blank=True, help_text='empty: the program', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='people.person')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.program')),
                ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SignerRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=300)),
                ('source_url', models.URLField(blank=True, max_length=500)),
                ('mark', models.CharField(choices=[('V', 'seen in a public page'), ('O', 'seen in a toolkit that restates a standard'), ('S', 'asked for by the field'), ('R', 'recalled, to be checked'), ('D', 'our own choice')], default='D', max_length=1)),
                ('party', models.CharField(choices=[('mentor', 'mentor'), ('mentee', 'mentee'), ('guardian', 'guardian'), ('coordinator', 'coordinator')], max_length=11)),
                ('needs', models.CharField(choices=[('each', 'each of them'), ('one', 'at least one of them')], default='each', max_length=4)),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signer_rules', to='programs.program')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddIndex(
            model_name='agreement',
            index=models.Index(condition=models.Q(('state', 'out')), fields=['program', 'sent_at', 'id'], name='agreements_out'),
        ),
        migrations.AddIndex(
            model_name='agreement',
            index=models.Index(condition=models.Q(('state', 'signed')), fields=['program', 'signed_on', 'id'], name='agreements_signed'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.UniqueConstraint(fields=('match', 'number'), name='one_agreement_of_each_number'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'replaced'), _negated=True), fields=('match', 'state'), name='one_agreement_in_each_state'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sent_at', None), ('state', 'draft')), models.Q(('sent_at__isnull', False), models.Q(('state', 'draft'), _negated=True)), _connector='OR'), name='an_agreement_is_a_draft_until_it_is_sent'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('signed_at', None), ('signed_on', None)), models.Q(('signed_at__isnull', False), ('signed_on__isnull', False)), _connector='OR'), name='an_agreement_is_signed_on_a_day'),
        ),
        migrations.AddConstraint(
            model_name='clauserule',
            constraint=models.UniqueConstraint(fields=('program', 'code'), name='one_clause_rule_each'),
        ),
        migrations.AddConstraint(
            model_name='clausetext',
            constraint=models.UniqueConstraint(fields=('program', 'code', 'language', 'version'), name='one_clause_text_per_version'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('fate', '')), models.Q(models.Q(('fate', ''), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='a_proposal_is_decided_at_a_moment'),
        ),
        migrations.AddIndex(
            model_name='signask',
            index=models.Index(fields=['person', 'id'], name='sign_asks_of'),
        ),
        migrations.AddConstraint(
            model_name='signask',
            constraint=models.UniqueConstraint(fields=('agreement', 'person'), name='each_is_asked_once_to_sign'),
        ),
        migrations.AddIndex(
            model_name='signature',
            index=models.Index(fields=['agreement', 'person'], name='signatures_of'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('party', 'coordinator'), ('person', None)), models.Q(('person__isnull', False), models.Q(('party', 'coordinator'), _negated=True)), _connector='OR'), name='the_coordinator_signs_for_the_program'),
        ),
        migrations.AddConstraint(
            model_name='signerrule',
            constraint=models.UniqueConstraint(fields=('program', 'party'), name='one_signer_rule_each'),
        ),
    ]
