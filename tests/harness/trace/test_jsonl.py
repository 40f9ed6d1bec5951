"""A trace written and read again is the same trace, and garbage is refused with its line."""

import io
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import TraceError
from harness.status.code import CODES
from harness.status.message import Progress, StatusMessage
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import Reason
from harness.trace.entry import ClientNoted, Entry, RightsHeld, StatusReported, What
from harness.trace.jsonl import read_trace, write_trace
from harness.trace.trace import Trace
from tests.harness.checks.trace_builder import answers, breaks, ends, holds, says, trace_of, truth

RUN = trace_of(
    holds("film"),
    "start",
    says("started", text="Ça commence…\u2028"),
    "asks license",
    breaks(),
    says("failed", reason="connection_lost", retryable=True, code="WININET_E_CONNECTION_RESET"),
    "retry",
    "asks license",
    truth("license_issued", content="film", issued=1),
    answers("granted", headers={"Content-Type": "text/xml"}),
    says("succeeded", done=3, total=3),
    ends("settled", fates=("fired",), truth={"devices": {"d": [1, 2]}}),
    given={"licenses": ["film"], "backup": ["film"]},
)

texts = st.text(st.characters(codec="utf-8"), max_size=20)
statuses = st.builds(
    StatusMessage,
    operation=st.sampled_from(Operation),
    attempt=st.integers(0, 9),
    phase=st.sampled_from(Phase),
    progress=st.none() | st.builds(Progress, done=st.integers(0, 9), total=st.integers(0, 9)),
    code=st.none() | st.sampled_from(CODES),
    reason=st.none() | st.sampled_from(Reason),
    retry_in_s=st.none() | st.floats(0, 1e6),
    text=texts,
    at=st.floats(0, 1e6),
)
seen = st.one_of(
    st.builds(StatusReported, status=statuses),
    st.builds(RightsHeld, licenses=st.lists(texts, max_size=3).map(tuple), individualized=st.booleans()),
    st.builds(ClientNoted, what=texts, text=texts),
)


def written(trace: Trace) -> str:
    file = io.StringIO(newline="\n")
    write_trace(trace, file)
    return file.getvalue()


def saved(folder: Path, text: str) -> Path:
    path = folder / "trace.jsonl"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def test_a_trace_survives_being_written_and_read(tmp_path: Path) -> None:
    again = read_trace(saved(tmp_path, written(RUN)))
    assert again == RUN
    assert written(again) == written(RUN)


@given(st.lists(st.tuples(st.floats(0, 1e6), seen), max_size=5))
def test_any_entries_survive_byte_by_byte(tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[float, object]]) -> None:
    entries = tuple(Entry(n=n, at=at, what=cast("What", what)) for n, (at, what) in enumerate(drawn))
    trace = RUN.model_copy(update={"entries": entries})
    again = read_trace(saved(tmp_path_factory.mktemp("trace"), written(trace)))
    assert again == trace
    assert written(again) == written(trace)


def test_sets_are_written_in_one_order_whatever_order_they_have() -> None:
    capabilities = frozenset(f"word-{n}" for n in range(50))
    text = written(RUN.model_copy(update={"head": RUN.head.model_copy(update={"capabilities": capabilities})}))
    places = [text.index(f'"{word}"') for word in sorted(capabilities)]
    assert places == sorted(places)


def test_each_entry_is_one_line_with_sorted_keys_and_no_spaces() -> None:
    lines = written(RUN).split("\n")
    assert len(lines) == len(RUN.entries) + 2  # the head, the entries, and nothing after the last newline
    assert lines[2] == '{"at":0.01,"n":1,"what":{"do":"start","kind":"user_acted"}}'


@pytest.mark.parametrize(
    ("line", "text", "problem"),
    [
        (3, "{", "not JSON"),
        (3, "", "not JSON"),
        (3, '{"at":NaN,"n":1,"what":{"kind":"user_acted","do":"start"}}', "NaN"),
        (3, '{"at":0.1,"n":1,"what":{"kind":"sung"}}', "not a trace's entry: what"),
        (3, '{"at":0.1,"n":7,"what":{"kind":"user_acted","do":"start"}}', "expected entry 1, found entry 7"),
        (1, '{"at":0.1}', "not a trace's head"),
        (1, '{"format":99}', "format 99"),
        (1, "[]", "not a trace's head"),
    ],
)
def test_garbage_is_refused_with_its_line(tmp_path: Path, line: int, text: str, problem: str) -> None:
    lines = written(RUN).split("\n")
    lines[line - 1] = text
    with pytest.raises(TraceError, match=rf"trace\.jsonl:{line}: ") as caught:
        read_trace(saved(tmp_path, "\n".join(lines)))
    assert problem in str(caught.value)


def test_a_last_line_that_breaks_off_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match="not JSON"):
        read_trace(saved(tmp_path, written(RUN)[:-20]))


def test_a_file_that_is_no_text_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    for name in ("binary", "absent"):
        with pytest.raises(TraceError, match="cannot be read as a trace"):
            read_trace(tmp_path / name)
