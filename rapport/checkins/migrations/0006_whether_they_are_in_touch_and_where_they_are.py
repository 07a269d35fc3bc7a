from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('checkins', '0005_what_was_said_first_in_a_talk'),
    ]

    operations = [
        migrations.AddField(
            model_name='answer',
            name='in_touch',
            field=models.CharField(blank=True, choices=[('yes', 'Yes'), ('not-yet', 'Not yet'), ('unsure', "I don't know")], db_default='', default='', max_length=8),
        ),
        migrations.AddField(
            model_name='answer',
            name='news',
            field=models.TextField(blank=True, db_default='', default='', help_text='what they told of themselves'),
        ),
        migrations.AddField(
            model_name='answer',
            name='now',
            field=models.CharField(blank=True, choices=[('school', 'At school'), ('studying', 'Studying'), ('training', 'Learning a trade'), ('working', 'Working'), ('looking', 'Looking for something'), ('else', 'Something else')], db_default='', default='', max_length=10),
        ),
    ]
