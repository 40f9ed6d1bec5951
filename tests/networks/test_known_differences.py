"""What is explained is no failure; what is not, is; and what is explained and gone, is too."""

from tests.networks.known_differences import Known, unexplained, vanished

KNOWN = (Known("license_*", "verdict X", "because"),)


def test_an_explained_difference_is_no_news() -> None:
    found = [("license_restore/a", "verdict X: pass simulated"), ("license_backup/b", "verdict X: fail simulated")]
    assert unexplained(KNOWN, found) == []
    assert vanished(KNOWN, found) == []


def test_another_difference_or_another_subject_is() -> None:
    found = [("license_restore/a", "verdict Y"), ("individualization/a", "verdict X")]
    assert unexplained(KNOWN, found) == ["license_restore/a: verdict Y", "individualization/a: verdict X"]


def test_an_explanation_of_nothing_is_told() -> None:
    assert vanished(KNOWN, [("license_restore/a", "verdict Y")]) == ["license_*: verdict X"]
