"""The rules of single operations, and what the scenario itself expects."""

# Registered in the order of their ids, which is the order of every report.
# isort: off
from harness.checks.operations import consent_before_individualization
from harness.checks.operations import unsupported_is_said_once
from harness.checks.operations import new_component_is_used
from harness.checks.operations import individualization_does_not_ping_pong
from harness.checks.operations import acquisition_resumes
from harness.checks.operations import doubtful_url_needs_consent
from harness.checks.operations import page_wait_is_visible
from harness.checks.operations import page_ends_silence
from harness.checks.operations import acknowledgement_is_owed
from harness.checks.operations import removed_before_told
from harness.checks.operations import restricted_license_named
from harness.checks.operations import backup_kept_unless_agreed
from harness.checks.operations import restored_once
from harness.checks.operations import individualized_before_restored
from harness.checks.operations import blocked_gives_address
from harness.checks.operations import scenario_expectation

# isort: on

__all__ = [
    "acknowledgement_is_owed",
    "acquisition_resumes",
    "backup_kept_unless_agreed",
    "blocked_gives_address",
    "consent_before_individualization",
    "doubtful_url_needs_consent",
    "individualization_does_not_ping_pong",
    "individualized_before_restored",
    "new_component_is_used",
    "page_ends_silence",
    "page_wait_is_visible",
    "removed_before_told",
    "restored_once",
    "restricted_license_named",
    "scenario_expectation",
    "unsupported_is_said_once",
]
