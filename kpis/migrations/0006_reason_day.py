import django.db.models.deletion
from django.db import migrations, models

# Nothing that was computed before tells reasons apart: every day is computed anew by the next run.
MARK = """
    INSERT INTO interactions_dirtyday (day, marked_at)
    SELECT DISTINCT day, now() FROM kpis_queueday
"""


class Migration(migrations.Migration):
    dependencies = [
        ("interactions", "0004_derived_durations"),
        ("kpis", "0005_team_day"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReasonDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("voice", "Voice"),
                            ("chat", "Chat"),
                            ("email", "E-mail"),
                            ("ticket", "Ticket"),
                            ("callback", "Callback"),
                            ("outbound", "Outbound"),
                        ],
                        max_length=10,
                    ),
                ),
                ("contacts_handled", models.BigIntegerField(null=True)),
                ("handle_seconds", models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                ("handle_squared", models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                ("talk_seconds", models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                ("hold_seconds", models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                ("wrap_seconds", models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                ("contacts_held", models.BigIntegerField(null=True)),
                ("contacts_transferred", models.BigIntegerField(null=True)),
                ("fcr_matured", models.BigIntegerField(null=True)),
                ("fcr_resolved", models.BigIntegerField(null=True)),
                ("fcr_maturing", models.BigIntegerField(null=True)),
                ("fcr_maturing_resolved", models.BigIntegerField(null=True)),
                ("fcr_without_customer", models.BigIntegerField(null=True)),
                ("coded", models.BigIntegerField(null=True)),
                ("coded_resolved", models.BigIntegerField(null=True)),
                ("sales_contacts", models.BigIntegerField(null=True)),
                ("sales", models.BigIntegerField(null=True)),
                ("sales_amount", models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                ("contact_cost", models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                ("csat_answers", models.BigIntegerField(null=True)),
                ("csat_satisfied", models.BigIntegerField(null=True)),
                ("csat_points", models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                ("csat_squared", models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                ("nps_answers", models.BigIntegerField(null=True)),
                ("nps_promoters", models.BigIntegerField(null=True)),
                ("nps_detractors", models.BigIntegerField(null=True)),
                ("ces_answers", models.BigIntegerField(null=True)),
                ("ces_points", models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                ("ces_squared", models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                ("survey_resolved_answers", models.BigIntegerField(null=True)),
                ("survey_resolved", models.BigIntegerField(null=True)),
                ("complaints", models.BigIntegerField(null=True)),
                (
                    "queue",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.queue",
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.reason",
                    ),
                ),
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
                "indexes": [models.Index(fields=["day", "queue"], name="reason_day_day")],
            },
        ),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
    ]
