"""The JSON Schema of the protocol is up to date, and takes what the harness takes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from harness.adapters import messages as m
from harness.adapters.message_schema import protocol_schema
from harness.adapters.wire import PLACEHOLDERS
from harness.status.message import StatusMessage
from tests.generate.protocol_schema import main, text
from tests.harness.adapters.conftest import ROOT
from tests.harness.adapters.given_setup import Heard, setup_for
from tests.harness.adapters.test_messages import line, status

GUIDE = (ROOT / "docs" / "client-protocol.md").read_text()


def is_from(direction: str, message: Any) -> bool:
    schema = protocol_schema()
    validator = jsonschema.Draft202012Validator({**schema["$defs"][direction], "$defs": schema["$defs"]})
    return bool(validator.is_valid(message))


def test_the_committed_schema_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().err


def test_a_stale_schema_is_refused_and_the_remedy_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "schema.json"
    path.write_text("{}")
    assert main(["--check"], path) == 1
    assert "run: python -m tests.generate.protocol_schema" in capsys.readouterr().err
    assert main([], path) == 0
    assert path.read_text() == text()


def test_it_is_a_valid_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(protocol_schema())


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("initialize", m.InitializeParams(protocol=1, setup=m.PlainSetup.of(setup_for(Heard(), backup=("film",))))),
        ("start", m.StartParams(operation="license_backup")),
        ("respond", m.RespondParams(question="consent", yes=False)),
        *((method, m.NO_PARAMS) for method in ("retry", "cancel", "rights", "shutdown")),
    ],
)
def test_every_call_of_the_harness_is_in_it(method: str, params: m.Shape) -> None:
    call = json.loads(m.written({"id": 1, "method": method, "params": params.model_dump(mode="json")}))
    assert is_from("FromHarness", call)
    assert not is_from("FromHarness", call | {"method": "dance"})


@pytest.mark.parametrize(
    ("text", "is_message"),
    [
        (status(), True),
        (status(progress={"done": 1, "total": 0}, code="S_OK", retry_in_s=2), True),
        (status(phase="dreaming"), False),
        (status(at=1.0), False),
        (status(colour="blue"), False),
        (line(id="w", method="wait", params={"seconds": 2}), True),
        (line(id="w", method="wait", params={"seconds": -2}), False),
        (line(method="wait", params={"seconds": 2}), False),
        (line(id=1, result=None), True),
        (line(id=1, error={"code": 1, "message": ""}), True),
        (line(id=1), False),
    ],
)
def test_it_takes_of_a_client_what_the_harness_takes(text: bytes, is_message: bool) -> None:
    assert is_from("FromClient", json.loads(text)) is is_message
    if is_message:
        m.read_message(text)
    else:
        with pytest.raises(m.UnreadableError):
            m.read_message(text)


def test_every_message_of_the_session_in_the_guide_is_in_it() -> None:
    shown = re.findall(r"^    ([<>]) (\{.*\})$", GUIDE, re.MULTILINE)
    whole = [(sign, json.loads(text)) for sign, text in shown if "…" not in text]
    assert len(whole) >= 10
    assert [text for sign, text in whole if not is_from({">": "FromHarness", "<": "FromClient"}[sign], text)] == []


def test_the_guide_names_every_member_of_setup_and_status_and_every_placeholder() -> None:
    first_cells = " ".join(re.findall(r"^\| (.*?) \|", GUIDE, re.MULTILINE))
    members = {*m.PlainSetup.model_fields, *StatusMessage.model_fields} - {"at"}
    placeholders = {f"{{{name}}}" for name in PLACEHOLDERS if not name.endswith("_url")}
    assert {name for name in members | placeholders if f"`{name}`" not in first_cells} == set()
