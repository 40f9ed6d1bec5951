"""A dialect is declared in one place, and a wrong declaration fails there."""

import pytest

from fake_servers.dialects import DIALECTS
from fake_servers.dialects.base import SUCCESS, dialect
from fake_servers.dialects.wmdrm import Wmdrm
from fake_servers.errors import RegistrationError, UnknownNameError
from fake_servers.services.decision import Exchange


def test_the_house_speaks_its_dialects_by_name() -> None:
    assert {name: spoken.name for name, spoken in DIALECTS.items()} == {"clearkey": "clearkey", "wmdrm": "wmdrm"}
    with pytest.raises(UnknownNameError, match="did you mean 'clearkey'"):
        DIALECTS["clear_key"]


def test_every_exchange_has_one_answer_that_is_its_success() -> None:
    assert set(SUCCESS) == set(Exchange)


class Undocumented(Wmdrm):
    __doc__ = ""


class Empty(Wmdrm):
    """Carries nothing."""

    exchanges: frozenset[Exchange] = frozenset()


class Boastful(Wmdrm):
    """Calls a wire its invention that it does not have."""

    exchanges = frozenset({Exchange.LICENSE})


@pytest.mark.parametrize(("cls", "problem"), [(Undocumented, "docstring"), (Empty, "carry"), (Boastful, "carry")])
def test_a_wrong_declaration_is_refused(cls: type[Wmdrm], problem: str) -> None:
    with pytest.raises(RegistrationError, match=problem):
        dialect("wrong")(cls)
    assert "wrong" not in DIALECTS
