"""INDIV-003: after individualization the new component speaks."""

from fake_servers.journal import TruthChanged
from harness.checks.exchanged import was_read
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.trace.entry import Entry
from harness.trace.trace import Exchanged, Trace


@check(
    "INDIV-003",
    title="After individualization the new component speaks",
    source="Windows Media Format SDK, Performing DRM individualization: objects made before it are stale and must be made anew",
    needs={"wire", "truth"},
)
def new_component_is_used(trace: Trace) -> Finding:
    """Speak with the version that you have just been given: make anew whatever was made before the individualization.

    A session, handle or header that still carries the old version is refused again, as if nothing had happened, and the user is
    asked to consent once more. Judged by the version in your requests for licenses and restores after a component that came
    whole; a dialect that carries no version has nothing to judge.
    """
    given: tuple[str, Exchanged] | None = None
    judged: list[Entry] = []
    for exchanged in trace.exchanges:
        version = exchanged.asked.fields.get("client_version")
        if given is not None and exchanged.asked.exchange in ("license", "monitor", "restore") and version is not None:
            if version != given[0]:
                return failed(f"version {given[0]}", f"version {version}", given[1].request, exchanged.request)
            judged.append(exchanged.request)
        if handed_out := _handed_out(exchanged):
            given = handed_out, exchanged
    return passed(*judged) if judged else not_applicable("nothing was asked for after an individualization")


def _handed_out(exchanged: Exchanged) -> str:
    """The version of the component that came whole with this exchange; empty if none did."""
    if not was_read(exchanged) or exchanged.faults:
        return ""
    truths = [entry.what for entry in exchanged.truths]
    versions = [
        str(what.data.get("version", "")) for what in truths if isinstance(what, TruthChanged) and what.what == "individualized"
    ]
    return versions[-1] if versions else ""
