from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kpis", "0011_slots_of_a_queue"),
    ]

    operations = [
        migrations.AddField("lastingchange", "lately", models.FloatField(null=True)),
    ]
