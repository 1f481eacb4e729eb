"""Why a report that waits is not wanted any more, and which were asked for beside the schedule."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0002_next_try_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="is_asked_for",
            field=models.BooleanField(default=False, verbose_name="sent at once"),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("lost_right", "may no longer see these figures"),
                    ("left", "can no longer sign in"),
                    ("no_address", "has no e-mail address"),
                    ("removed", "is no longer a recipient"),
                    ("paused", "the schedule was paused"),
                    ("not_made", "the report could not be made; the server's log says why"),
                    ("interrupted", "interrupted while being sent; whether it arrived is not known"),
                ],
                max_length=20,
                verbose_name="reason",
            ),
        ),
    ]
