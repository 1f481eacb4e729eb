import django.db.models.deletion
from django.db import migrations, models

COLUMNS = (
    "contact_state_seconds",
    "ready_seconds",
    "productive_seconds",
    "unavailable_seconds",
    "paid_seconds",
    "paid_cost",
    "scheduled_seconds",
    "adherent_seconds",
    "work_seconds",
)
# What was computed before has its sums at once, without computing every day anew.
FILL = f"""
    INSERT INTO kpis_teamday (day, team_id, {", ".join(COLUMNS)})
    SELECT day, team_id, {", ".join(f"SUM({column})" for column in COLUMNS)}
    FROM kpis_agentday WHERE queue_id IS NULL GROUP BY day, team_id
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [
        ("kpis", "0004_backlog_by_day"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="TeamDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("contact_state_seconds", models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                ("ready_seconds", models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                ("productive_seconds", models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                ("unavailable_seconds", models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                ("paid_seconds", models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                ("paid_cost", models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                ("scheduled_seconds", models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                ("adherent_seconds", models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                ("work_seconds", models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                (
                    "team",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["day"], name="team_day_day")],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
