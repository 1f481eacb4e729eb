from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kpis", "0003_backlog_index"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="queueday", name="queue_day_backlog"),
        migrations.AddIndex(
            model_name="queueday",
            index=models.Index(
                condition=models.Q(("tickets_open__isnull", False)),
                fields=["day", "team", "queue"],
                name="queue_day_backlog",
            ),
        ),
    ]
