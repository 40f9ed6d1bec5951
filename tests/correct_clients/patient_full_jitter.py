"""A correct client for large fleets: long pauses, drawn anew each time from nothing up to twice their length."""

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy
from harness.scenario.profile import Profile


class Patient(Decisions):
    """It looks at a page's progress seldom, and gives the user a quarter of an hour."""

    look_every_s = 20.0
    page_patience_s = 900.0


class Client(ReferenceClient):
    """Full jitter: two clients that failed together do not come back together."""

    decisions = Patient
    profile = Profile(
        name="patient_full_jitter",
        about="Waits 5, 15, 45 seconds on average between attempts, with full jitter, and up to 25 seconds for a reply.",
        retry=RetryPolicy(attempts=5, base=5.0, factor=3.0, cap=60.0, jitter=1.0, attempt_timeout=25.0, deadline=600.0),
    )
