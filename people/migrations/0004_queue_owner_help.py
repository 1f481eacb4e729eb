import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_user_theme"),
    ]

    operations = [
        migrations.AlterField(
            model_name="historicalqueue",
            name="owner_team",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="What is offered to the queue counts for this team.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.team",
                verbose_name="owner team",
            ),
        ),
        migrations.AlterField(
            model_name="queue",
            name="owner_team",
            field=models.ForeignKey(
                blank=True,
                help_text="What is offered to the queue counts for this team.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="owned_queues",
                to="people.team",
                verbose_name="owner team",
            ),
        ),
    ]
