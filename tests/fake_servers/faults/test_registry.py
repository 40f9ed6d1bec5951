"""Faults are declared in one place and found by name; a wrong declaration fails where it is written."""

import pytest
from pydantic import ValidationError

from fake_servers.dialects import DIALECTS
from fake_servers.errors import RegistrationError, UnknownNameError
from fake_servers.faults.base import FAULTS, ConnectFault, ConnectPlan, Fault, Layer, Presentation, ServiceFault, fault
from fake_servers.faults.script import Rule
from fake_servers.faults.visible import is_visible
from fake_servers.services.decision import Exchange
from tests.fake_servers.faults.examples import EXAMPLES, HOUSE, examples_of, usual_exchange


def test_every_fault_has_an_example_and_every_example_a_fault() -> None:
    assert sorted(HOUSE) == sorted(EXAMPLES)


def test_a_near_miss_is_answered_with_the_name_that_was_meant() -> None:
    with pytest.raises(UnknownNameError, match=r"no fault is named 'reset_aftr'; did you mean 'reset_after'\?"):
        FAULTS["reset_aftr"]


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_a_fault_says_what_it_presents_as_and_explains_itself(name: str) -> None:
    for example in examples_of(name):
        assert isinstance(example.presents_as(), Presentation)
        assert example.reach, "a fault that no network can have is none"
        assert (example.__doc__ or "").splitlines()[0].endswith((".", ",", ":")) or len(example.__doc__ or "") > 80
        for parameter in type(example).model_fields:
            assert f"{parameter}: " in (example.__doc__ or ""), f"{name}: say what {parameter!r} means, and its unit"


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_a_fault_survives_being_written_down_and_read_again(name: str) -> None:
    for example in examples_of(name):
        assert FAULTS[name].model_validate(example.model_dump(mode="json")) == example


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_a_fault_is_a_value(name: str) -> None:
    example = examples_of(name)[0]
    assert hash(example) == hash(examples_of(name)[0])
    with pytest.raises(ValidationError, match="frozen"):
        example.name_that_nobody_gave = 1  # type: ignore[attr-defined]  # the point of this test


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_a_parameter_that_a_fault_does_not_have_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        FAULTS[name].model_validate({**EXAMPLES[name][0], "colour": "red"})


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_a_rule_addresses_a_fault_by_what_a_server_knows_at_that_moment(name: str) -> None:
    by_exchange = {"when": {"exchange": usual_exchange(FAULTS[name]), "nth": 1}, "fault": name, **EXAMPLES[name][0]}
    by_time = {"when": {"service": "license", "from": "0 s", "for": "2 s"}, "fault": name, **EXAMPLES[name][0]}
    early = FAULTS[name].layer in (Layer.CONNECT, Layer.TLS)
    good, bad = (by_time, by_exchange) if early else (by_exchange, by_time)
    assert Rule.model_validate(good).fault.name == name
    with pytest.raises(ValidationError, match="address it by"):
        Rule.model_validate(bad)


@pytest.mark.parametrize("name", sorted(name for name, cls in HOUSE.items() if cls.layer is Layer.SERVICE))
def test_a_service_decides_only_what_is_its_own_to_decide(name: str) -> None:
    for example in examples_of(name):
        assert isinstance(example, ServiceFault)
        for exchange in Exchange:
            line = {"when": {"exchange": exchange, "nth": 1}, "fault": name, **example.model_dump(mode="json")}
            if exchange in example.exchanges:
                assert Rule.model_validate(line).when.exchange is exchange
                assert any(is_visible(example, exchange, dialect) for dialect in DIALECTS.values())
            else:
                with pytest.raises(ValidationError, match=f"no {exchange} service decides '{name}': its exchanges are "):
                    Rule.model_validate(line)


def test_nobody_can_be_refused_by_connection_number() -> None:
    with pytest.raises(ValidationError, match="cannot see whom it refused"):
        Rule.model_validate({"when": {"service": "license", "connection": 1}, "fault": "refused"})


class Whole(ConnectFault):
    """Everything that a fault needs."""

    def on_connect(self) -> ConnectPlan:
        return ConnectPlan.RESET

    def presents_as(self) -> Presentation:
        return Presentation.CONNECTION_LOST


class Mute(ConnectFault):
    """Does not say what it presents as."""

    def on_connect(self) -> ConnectPlan:
        return ConnectPlan.RESET


class Idle(ConnectFault):
    """Does nothing."""

    def presents_as(self) -> Presentation:
        return Presentation.CONNECTION_LOST


class Unexplained(Whole):
    __doc__ = None


class Layerless(Fault):
    """Extends none of the layers."""


@pytest.mark.parametrize(
    ("cls", "complaint"),
    [
        (Mute, r"Mute must define presents_as\(\)"),
        (Idle, r"Idle must define on_connect\(\)"),
        (Unexplained, "Unexplained needs a docstring"),
        (Layerless, "Layerless must extend one of"),
    ],
)
def test_an_incomplete_fault_is_refused_where_it_is_declared(cls: type[Fault], complaint: str) -> None:
    with pytest.raises(RegistrationError, match=complaint):
        fault("half_done")(cls)
    assert "half_done" not in FAULTS


def test_a_name_that_is_taken_is_refused() -> None:
    with pytest.raises(RegistrationError, match="'reset_after' is registered twice"):
        fault("reset_after")(Whole)
