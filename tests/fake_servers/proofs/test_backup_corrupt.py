"""backup_corrupt: the backup cannot be read."""

from fake_servers.given import Given
from tests.fake_servers.proofs.requests import BAD_DATA, RESTORED, ask_restore, code, result
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
def test_the_restore_is_refused_and_a_later_one_is_not(with_fault: bool) -> None:
    given = Given(backup=("film",), computer="computer-1")
    lines = [line("backup_corrupt", exchange="restore")]
    with serving(*lines if with_fault else (), dialect="wmdrm", given=given) as served:
        received = ask_restore(served, "computer-1")
        assert code(received) == (BAD_DATA if with_fault else RESTORED)
        assert (result(received).find("LICENSE") is None) is with_fault
        assert code(ask_restore(served, "computer-1")) == RESTORED
