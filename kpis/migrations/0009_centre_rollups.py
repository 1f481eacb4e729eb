import django.contrib.postgres.fields
from django.db import migrations, models

CONTACTS = (
    "contacts_offered",
    "contacts_answered",
    "contacts_abandoned",
    "contacts_waiting",
    "short_abandoned",
    "contacts_judged",
    "answered_in_time",
    "offered_inbound",
    "abandoned_waiting",
    "answered_live",
    "wait_seconds",
    "wait_squared",
    "offered_live",
    "longest_wait",
    "answered_written",
    "response_seconds",
    "response_squared",
    "tickets_opened",
    "contacts_handled",
    "handle_seconds",
    "handle_squared",
    "talk_seconds",
    "hold_seconds",
    "wrap_seconds",
    "contacts_held",
    "contacts_transferred",
    "fcr_matured",
    "fcr_resolved",
    "fcr_maturing",
    "fcr_maturing_resolved",
    "fcr_without_customer",
    "coded",
    "coded_resolved",
    "sales_contacts",
    "sales",
    "sales_amount",
    "contact_cost",
    "csat_answers",
    "csat_satisfied",
    "csat_points",
    "csat_squared",
    "nps_answers",
    "nps_promoters",
    "nps_detractors",
    "ces_answers",
    "ces_points",
    "ces_squared",
    "survey_resolved_answers",
    "survey_resolved",
    "complaints",
)
TICKETS = (
    "tickets_closed",
    "tickets_reopened",
    "tickets_due",
    "tickets_overdue",
    "tickets_open",
)
AMOUNTS = (
    "wait_seconds",
    "wait_squared",
    "longest_wait",
    "response_seconds",
    "response_squared",
    "handle_seconds",
    "handle_squared",
    "talk_seconds",
    "hold_seconds",
    "wrap_seconds",
    "sales_amount",
    "contact_cost",
    "csat_points",
    "csat_squared",
    "ces_points",
    "ces_squared",
)
HISTOGRAMS = ("wait_histogram", "handle_histogram")
BUCKETS = 74


def tallies(*names):
    amount = models.DecimalField(decimal_places=6, max_digits=30, null=True)
    return [(name, amount if name in AMOUNTS else models.BigIntegerField(null=True)) for name in names]


def key():
    return [
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
    ]


def histogram():
    return django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), null=True, size=None)


def sums(*names):
    return ", ".join(f"MAX({name})" if name == "longest_wait" else f"SUM({name})" for name in names)


def merged(name):
    return "ARRAY[" + ", ".join(f"COALESCE(SUM({name}[{place}]), 0)" for place in range(1, BUCKETS + 1)) + "]"


# What was computed before has its sums at once, without computing every day anew.
FILL_SLOTS = f"""
    INSERT INTO kpis_centreslot (day, slot, channel, {", ".join(CONTACTS)})
    SELECT day, slot, channel, {sums(*CONTACTS)} FROM kpis_queueslot GROUP BY day, slot, channel
"""  # noqa: S608
FILL_DAYS = f"""
    INSERT INTO kpis_centreday (day, channel, {", ".join((*CONTACTS, *TICKETS, *HISTOGRAMS))})
    SELECT day, channel, {sums(*CONTACTS, *TICKETS)}, {", ".join(map(merged, HISTOGRAMS))}
    FROM kpis_queueday GROUP BY day, channel
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [
        ("kpis", "0008_lasting_changes"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="queueslot",
            index=models.Index(fields=["team", "day"], name="queue_slot_team"),
        ),
        migrations.CreateModel(
            name="CentreSlot",
            fields=[*key(), ("slot", models.PositiveSmallIntegerField(verbose_name="half-hour")), *tallies(*CONTACTS)],
            options={"indexes": [models.Index(fields=["day"], name="centre_slot_day")]},
        ),
        migrations.CreateModel(
            name="CentreDay",
            fields=[*key(), *((name, histogram()) for name in HISTOGRAMS), *tallies(*CONTACTS, *TICKETS)],
            options={"indexes": [models.Index(fields=["day"], name="centre_day_day")]},
        ),
        migrations.RunSQL(FILL_SLOTS, migrations.RunSQL.noop),
        migrations.RunSQL(FILL_DAYS, migrations.RunSQL.noop),
    ]
