"""A correct client that never tries again by itself: its user decides each time."""

from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy
from harness.scenario.profile import Profile


class Client(ReferenceClient):
    """One attempt a round."""

    profile = Profile(
        name="no_automatic_retry",
        about="Reports every failed attempt and leaves the next one to its user.",
        retry=RetryPolicy(attempts=1),
    )
