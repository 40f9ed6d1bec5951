"""partial_revocation_list: one license is not named."""

from fake_servers.given import Given
from tests.fake_servers.proofs.requests import ask_revocation, result
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
def test_the_last_license_is_missing_from_the_list(with_fault: bool) -> None:
    lines = [line("partial_revocation_list", exchange="revocation")]
    given = Given(licenses=("film", "series", "trailer"))
    with serving(*lines if with_fault else (), dialect="wmdrm", given=given) as served:
        listed = result(ask_revocation(served))
        assert [content.text for content in listed.findall("CONTENT")] == ["film", "series", "trailer"][
            : 2 if with_fault else 3
        ]
        assert listed.findtext("RECEIPT")
        again = result(ask_revocation(served))
        assert len(again.findall("CONTENT")) == 3, "the order is on record, whole"
