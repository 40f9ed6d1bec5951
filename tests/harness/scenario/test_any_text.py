"""Whatever stands in a file, the loader answers with a scenario or with a ScenarioError that has a place in it."""

import re
import warnings
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.compat import StringIO

from fake_servers.faults.base import FAULTS
from harness.errors import ScenarioError
from harness.scenario.fields import keys_of
from harness.scenario.load import read_scenario
from harness.scenario.model import Scenario

PLACE = re.compile(r"s:[1-9]\d*:[1-9]\d*: .+\n  .+")


def judge(text: str) -> None:
    assert all(PLACE.match(problem) for problem in problems_in(text)), problems_in(text)


def problems_in(text: str) -> list[str]:
    try:
        read_scenario(text, shown="s")
    except ScenarioError as error:
        return error.problems or ["an error without a problem"]
    return []


@given(st.text())
def test_arbitrary_text(text: str) -> None:
    judge(text)


@given(st.text(alphabet="ab:,-{}[]&*!|>'\"#%@?~\\\n\t 019.", max_size=80))
def test_text_that_is_nearly_yaml(text: str) -> None:
    judge(text)


WORDS = st.sampled_from(
    [
        *keys_of(Scenario),
        *FAULTS,
        "when",
        "fault",
        "exchange",
        "license",
        "nth",
        "service",
        "from",
        "for",
        "do",
        "retry",
        "failed",
    ]
)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | WORDS | st.sampled_from(["2 s", "3 KB"])
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4), max_leaves=12
)


@given(st.dictionaries(WORDS, VALUES, max_size=6))
def test_any_values_under_the_words_of_a_scenario(data: dict[str, Any]) -> None:
    stream = StringIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the writer, which is not what is tested
        YAML(typ="safe", pure=True).dump(data, stream)
    judge(stream.getvalue())


BASE = {
    "about": "A renewal on a train.",
    "operation": "license_acquisition",
    "world": {"tls": False, "limit": "2 s"},
    "given": {"licenses": ["film"], "backup": None},
    "faults": [{"when": {"exchange": "license", "nth": [1, 2]}, "fault": "reset_after", "after_bytes": "3 bytes"}],
    "user": [{"when": "retry_offered", "do": "retry", "times": 5}],
    "expect": {"outcome": ["succeeded", "failed"], "reasons": ["timed_out"], "requests": {"license": 3}},
}


@st.composite
def one_part_replaced(draw: st.DrawFn, value: Any = BASE) -> Any:
    """A good scenario with another value somewhere in it."""
    if isinstance(value, dict) and (key := draw(st.sampled_from([None, *value]))):
        return {**value, key: draw(one_part_replaced(value[key]))}
    if isinstance(value, list) and (index := draw(st.sampled_from([None, *range(len(value))]))) is not None:
        return [*value[:index], draw(one_part_replaced(value[index])), *value[index + 1 :]]
    return draw(VALUES)


@given(one_part_replaced())
def test_a_scenario_with_one_wrong_part(data: Any) -> None:
    stream = StringIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        YAML(typ="safe", pure=True).dump(data, stream)
    judge(stream.getvalue())
