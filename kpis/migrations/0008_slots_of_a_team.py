from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kpis", "0007_saved_views"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="queueslot",
            index=models.Index(fields=["team", "day"], name="queue_slot_team"),
        ),
    ]
