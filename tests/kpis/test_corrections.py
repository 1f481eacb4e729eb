"""A contact that is sent again with other durations changes its KPIs."""

from __future__ import annotations

from interactions.models import Contact
from tests.interactions.deliveries import HEADER, counts, deliver
from tests.kpis.conftest import MONDAY

CALL = "c1,refunds-line,E1001,,answered,2026-11-02 12:00:00,{wait},{talk},{wrap}"


def test_a_corrected_contact_has_new_buckets_and_its_kpi_follows(source, chen, refunds_line, compute, read):
    deliver(source, [HEADER, CALL.format(wait=2, talk=100, wrap=28)])
    compute(MONDAY)
    call = Contact.objects.get()
    # 2 s is 2^1 and 128 s is 2^7; each doubling has four buckets, and the first is below 1 s.
    assert (call.handle_seconds, call.wait_bucket, call.handle_bucket) == (128, 5, 29)
    assert read("average_handle_time").value == 128
    assert counts(deliver(source, [HEADER, CALL.format(wait=16, talk=200, wrap=56)])) == {"changed": 1}
    compute(MONDAY)
    call.refresh_from_db()
    assert (call.handle_seconds, call.wait_bucket, call.handle_bucket) == (256, 17, 33)
    assert read("average_handle_time").value == 256
    assert 16 <= read("wait_p90").value <= 20
