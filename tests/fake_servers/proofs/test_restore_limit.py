"""restore_limit: the restore is refused, and not counted."""

from fake_servers.given import Given
from tests.fake_servers.proofs.requests import RESTORE_LIMIT, RESTORED, ask_restore, code
from tests.fake_servers.proofs.serving import line, serving, with_or_without

ONE_RESTORE_LEFT = Given(backup=("film",), restore_limit=1)


@with_or_without
def test_the_refused_restore_uses_up_none(with_fault: bool) -> None:
    lines = [line("restore_limit", exchange="restore")]
    with serving(*lines if with_fault else (), dialect="wmdrm", given=ONE_RESTORE_LEFT) as served:
        codes = [code(ask_restore(served, computer)) for computer in ("computer-8", "computer-9")]
    assert codes == ([RESTORE_LIMIT, RESTORED] if with_fault else [RESTORED, RESTORE_LIMIT])
