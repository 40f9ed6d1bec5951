"""RESTORE-001: a repeated restore does not count as another computer."""

from fake_servers.journal import TruthChanged
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.status.operation import Operation
from harness.trace.entry import Entry
from harness.trace.trace import Trace


@check(
    "RESTORE-001",
    title="A repeated restore does not count as another computer",
    source="Windows Media Format SDK, Backing up and restoring licenses: a computer restored to before is not counted",
    needs={"wire", "truth"},
    operations={Operation.LICENSE_RESTORE},
)
def restored_once(trace: Trace) -> Finding:
    """Name the same computer in every request, retries included.

    The service counts the computers that a license was restored to, and there are few of them. A reply that was lost may have
    counted already: a repetition under another name uses up a second one for nothing.
    """
    computers: dict[str, Entry] = {}
    for exchanged in trace.exchanges:
        if exchanged.asked.exchange == "restore" and (computer := exchanged.asked.fields.get("computer")):
            computers.setdefault(computer, exchanged.request)
    if not computers:
        return not_applicable("no restore was requested in the name of a computer")
    if len(computers) > 1:
        return failed("one computer", f"{len(computers)}: {', '.join(computers)}", *computers.values())
    most = len(trace.head.scenario.given.restored_to) + 1
    for entry, changed in trace.of(TruthChanged):
        if changed.what == "license_restored" and changed.data.get("restores", 0) > most:
            return failed(f"a count of at most {most}", f"{changed.data['restores']}", entry)
    return passed(*computers.values())
