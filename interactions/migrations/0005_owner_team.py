import django.db.models.deletion
from django.db import migrations, models

# Who owned a queue when a contact came is known only of those that nobody answered; of the others, who owns it now.
FILL = """
    UPDATE interactions_contact AS contact
       SET owner_team_id = CASE WHEN contact.answered_at IS NULL THEN contact.team_id ELSE queue.owner_team_id END
      FROM people_queue AS queue
     WHERE queue.id = contact.queue_id
"""
# The days on which a contact counted for another team as offered, or a ticket as open.
MARK = """
    INSERT INTO interactions_dirtyday (day, marked_at)
    SELECT DISTINCT counted::date, now()
      FROM interactions_contact AS contact
     CROSS JOIN (SELECT max(day) AS day FROM interactions_contact) AS last
     CROSS JOIN LATERAL generate_series(
            contact.day,
            CASE contact.channel WHEN 'ticket' THEN COALESCE(contact.ended_day, last.day) ELSE contact.day END,
            interval '1 day') AS counted
     WHERE contact.owner_team_id IS DISTINCT FROM contact.team_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("interactions", "0004_derived_durations"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="owner_team",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.team",
                verbose_name="owner team",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
    ]
