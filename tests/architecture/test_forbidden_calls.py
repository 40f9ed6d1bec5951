"""Time and chance come from the world: the call lint finds what it forbids, and finds none in the project."""

from pathlib import Path

import pytest

from tests.architecture.call_lint import ALLOWED, ROOT, findings, is_allowed, main


def test_no_module_outside_the_world_reads_a_clock_or_draws_unseeded(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0, capsys.readouterr().out


def test_a_planted_violation_is_reported_with_its_file_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text("import time\n\n\ndef age(born: float) -> float:\n    return time.time() - born\n")
    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr().out.startswith(f"{planted}:5: time.time: ")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import time; time.monotonic()", "time.monotonic"),
        ("import time as t; t.sleep(1)", "time.sleep"),
        ("from time import monotonic as m; m()", "time.monotonic"),
        ("from time import *", "time.*"),
        ("import time; x = dict(clock=time.perf_counter)", "time.perf_counter"),  # handed on, not called
        ("def f():\n    import time\n    return time.time_ns()", "time.time_ns"),
        ("import datetime as dt; dt.datetime.now(dt.UTC)", "datetime.datetime.now"),
        ("from datetime import datetime as d; d.utcnow()", "datetime.datetime.utcnow"),
        ("import datetime; datetime.date.today()", "datetime.date.today"),
        ("import random; random.choice([1, 2])", "random.choice"),
        ("from random import uniform; uniform(0, 1)", "random.uniform"),
        ("import random; random.SystemRandom(7)", "random.SystemRandom"),
        ("import random; random.Random()", "random.Random() without an argument"),
        ("from random import Random as R; R()", "random.Random() without an argument"),
        ("import uuid; uuid.uuid4()", "uuid.uuid4"),
        ("from uuid import uuid1; uuid1()", "uuid.uuid1"),
        ("import secrets; secrets.token_hex()", "secrets.token_hex"),
        ("import os; os.urandom(16)", "os.urandom"),
        ("import os.path; os.urandom(16)", "os.urandom"),
        ("import email.utils; email.utils.formatdate()", "email.utils.formatdate() without an argument"),
    ],
)
def test_each_way_to_ask_the_machine_is_found_once(source: str, name: str) -> None:
    assert [finding.name for finding in findings(source)] == [name]


@pytest.mark.parametrize(
    "source",
    [
        "import random; random.Random(7).random()",
        "import random\ndef draw(rng: random.Random) -> float:\n    return rng.random()",
        "import asyncio; asyncio.sleep(1)",
        "def age(loop, born):\n    return loop.time() - born",
        "import uuid; uuid.UUID(int=7)",
        "import datetime; datetime.datetime.fromtimestamp(0, datetime.UTC)",
        "from email.utils import formatdate; formatdate(0)",
        "def wait(time):\n    time.sleep(1)",  # no import explains this name
        "from .time import sleep\nsleep(1)",  # a module of ours that only shares the name
    ],
)
def test_what_is_seeded_or_passed_in_is_left_alone(source: str) -> None:
    assert findings(source) == []


@pytest.mark.parametrize("place", ALLOWED)
def test_each_allowed_place_exists(place: str) -> None:
    assert (ROOT / place).exists(), f"{place} is gone: remove it from ALLOWED in call_lint.py"


def test_an_allowed_file_does_not_allow_its_neighbours() -> None:
    assert is_allowed("fake_servers/clock.py")
    assert is_allowed("harness/world/faults/offline.py")
    assert not is_allowed("fake_servers/clock.py.py")
    assert not is_allowed("harness/worldly.py")
