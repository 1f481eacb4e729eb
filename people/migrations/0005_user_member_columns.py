"""Which columns a person wants to see in tables of teams, agents and queues."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_queue_owner_help"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="member_columns",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=60), blank=True, default=list, editable=False, size=None
            ),
        ),
    ]
