from django.db import migrations, models

# Who owns the queue of a closed ticket is told by the facts alone: days with such tickets are computed anew.
MARK = """
    INSERT INTO interactions_dirtyday (day, marked_at)
    SELECT DISTINCT day, now() FROM kpis_queueday WHERE tickets_closed > 0
"""


class Migration(migrations.Migration):
    dependencies = [
        ("interactions", "0005_owner_team"),
        ("kpis", "0009_centre_rollups"),
    ]

    operations = [
        migrations.AddField("centreday", "tickets_cleared", models.BigIntegerField(null=True)),
        migrations.AddField("queueday", "tickets_cleared", models.BigIntegerField(null=True)),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
    ]
