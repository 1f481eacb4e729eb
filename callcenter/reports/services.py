"""Schedules: made, changed, paused; and what is due, noted once for each person.

A due moment is turned into deliveries in one transaction that also moves the schedule on to its next moment, so a
worker that dies leaves either both or neither. After a pause or an outage the latest due report goes out once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcenter.reports.models import Delivery, ReportSchedule
from people.models import Role, Team, User
from people.readers import readers_of

Reason = Delivery.Reason
# Who plans reports: the centre's and any team's, or those of the own teams.
PLANNERS = (Role.DIRECTOR, Role.ADMINISTRATOR, Role.SUPERVISOR)
NOT_A_READER = gettext_lazy("Some of the chosen people may not see these figures. Choose among those who are offered.")


def why_not(person: User, team: Team | None) -> str:
    """Why a person cannot receive the report of a team, or of the centre (None); "" where they can."""
    if not person.is_active:
        return Reason.LEFT
    if not may_see(person, team):
        return Reason.LOST_RIGHT
    return "" if person.email else Reason.NO_ADDRESS


def why_no_longer(delivery: Delivery) -> str:
    """Why a delivery that was noted is not to be sent any more; "" where it still is. A pause stops none asked for."""
    schedule = delivery.schedule
    if not schedule.recipients.filter(pk=delivery.recipient_id).exists():
        return Reason.REMOVED
    if not (schedule.is_active or delivery.is_asked_for):
        return Reason.PAUSED
    return why_not(delivery.recipient, schedule.team)


def may_see(person: User, team: Team | None) -> bool:
    """Whether the figures of a team, or of the whole centre (None), are this person's to see."""
    if team is None:
        return person.sees_everything
    return Team.objects.visible_to(person).filter(pk=team.pk).exists()


def check_recipients(people: Sequence[User], team: Team | None) -> None:
    """Raise ValidationError where somebody may not see the figures, and for each person without an e-mail address."""
    if readers_of(team).filter(pk__in=[person.pk for person in people]).count() < len(people):
        raise ValidationError(NOT_A_READER)
    unreachable = [_("%(person)s has no e-mail address.") % {"person": person} for person in people if not person.email]
    if unreachable:
        raise ValidationError(unreachable)


@transaction.atomic
def save_schedule(schedule: ReportSchedule, *, recipients: Sequence[User], by: User) -> ReportSchedule:
    """Make or change a schedule; its next moment is the first one from now on.

    Raises ValidationError for recipients who may not see its figures or cannot be reached, and for figures that are
    not ``by``'s to send.
    """
    if not may_see(by, schedule.team):
        raise ValidationError(_("These figures are not yours to send."))
    check_recipients(recipients, schedule.team)
    if schedule._state.adding:
        schedule.created_by = by
    schedule.next_at = schedule.rhythm.next_after(timezone.now())
    schedule.save()
    schedule.recipients.set(recipients)
    return schedule


def set_active(schedule: ReportSchedule, *, is_active: bool, by: User) -> None:
    """Pause a schedule or let it go on. What was due while it paused is not sent later."""
    schedule.is_active = is_active
    schedule.next_at = schedule.rhythm.next_after(timezone.now())
    schedule.save(update_fields=["is_active", "next_at"])


def send_now(schedule: ReportSchedule, *, by: User) -> list[int]:
    """Note a report that is due this minute, beside the schedule; returns the deliveries' ids.

    Asked twice within a minute, it is sent once.
    """
    return _note(schedule, due=timezone.now().replace(second=0, microsecond=0), is_asked_for=True)


def note_due(moment: dt.datetime) -> None:
    """Note the deliveries of every schedule that is due. Another worker that notes the same is left to it."""
    for pk in ReportSchedule.objects.due(moment).values_list("pk", flat=True):
        with transaction.atomic():
            rows: Any = ReportSchedule.objects.due(moment).select_for_update(skip_locked=True, of=("self",))
            if schedule := rows.select_related("team__site").filter(pk=pk).first():
                _note(schedule, due=schedule.next_at)
                schedule.next_at = schedule.rhythm.next_after(moment)
                schedule.save(update_fields=["next_at"])


def _note(schedule: ReportSchedule, *, due: dt.datetime, is_asked_for: bool = False) -> list[int]:
    people = schedule.recipients.values_list("pk", flat=True)
    noted = {"schedule": schedule, "due_at": due, "is_asked_for": is_asked_for}
    rows = [Delivery(recipient_id=person, **noted) for person in people]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return list(Delivery.objects.filter(schedule=schedule, due_at=due).values_list("pk", flat=True))
