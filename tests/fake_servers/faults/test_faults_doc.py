"""The reference of all faults is made from their declarations, and is up to date."""

from io import StringIO

from ruamel.yaml import YAML

from fake_servers.faults.script import Rule
from harness.device.event import EVENTS
from tests.fake_servers.faults.examples import EXAMPLES, HOUSE
from tests.generate.faults_doc import TARGET, text


def test_the_reference_is_up_to_date() -> None:
    assert TARGET.read_text(encoding="utf-8") == text(), "run: python -m tests.generate.faults_doc"


def test_the_table_of_reach_has_every_fault_where_it_says_that_it_can_be_had() -> None:
    rows = [line.split(" | ") for line in text().splitlines() if line.startswith("| [`")]
    told = {row[0].split("`")[1]: (row[2] == "yes", row[3] == "yes", "TLS" in row[4]) for row in rows}
    assert set(told) == set(HOUSE) | set(EVENTS)
    expected = {name: ("simulated" in cls.reach, "loopback" in cls.reach, cls.needs_tls) for name, cls in HOUSE.items()}
    assert {name: said for name, said in told.items() if name in HOUSE} == expected


def test_every_example_line_is_a_rule_that_a_scenario_may_contain() -> None:
    lines = [line for line in text().splitlines() if line.startswith("- {") and "fault:" in line]
    rules = [Rule.model_validate(data) for data in YAML(typ="safe").load(StringIO("\n".join(lines)))]
    assert sorted({rule.fault.name for rule in rules}) == sorted(HOUSE)
    assert len(rules) == sum(map(len, EXAMPLES.values()))
