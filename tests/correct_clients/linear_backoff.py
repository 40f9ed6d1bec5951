"""A correct client whose pauses grow by two seconds each time, to the millisecond."""

from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy
from harness.scenario.profile import Profile


class Client(ReferenceClient):
    """Linear backoff without jitter."""

    profile = Profile(
        name="linear_backoff",
        about="Waits 2, 4, 6 … seconds between attempts, without jitter.",
        retry=RetryPolicy(attempts=6, base=2.0, factor=1.0, step=2.0, cap=10.0, jitter=0.0),
    )
