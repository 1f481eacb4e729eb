from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kpis", "0010_tickets_cleared"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="queueslot",
            index=models.Index(fields=["queue", "day"], name="queue_slot_queue"),
        ),
    ]
