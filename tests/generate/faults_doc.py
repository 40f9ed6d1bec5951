"""Makes ``docs/faults.md``, the reference of all faults, from their declarations: ``python -m tests.generate.faults_doc``."""

import sys
from collections.abc import Iterator, Sequence
from inspect import cleandoc
from pathlib import Path
from typing import Any

import harness.device  # noqa: F401 - importing it registers the house's events
from fake_servers.faults.base import Fault, Layer
from fake_servers.quantities import BYTES_IN, SECONDS_IN
from harness.device.event import EVENTS, REACH, Ability
from harness.runner.reach import TIERS
from harness.tiers.tier import TIERS as TIER_NAMES
from tests.fake_servers.faults.examples import EXAMPLES, HOUSE, examples_of, usual_exchange
from tests.generate.page import write_or_check

TARGET = Path(__file__).resolve().parents[2] / "docs" / "faults.md"

INTRODUCTION = """\
# Faults

<!-- Made by `python -m tests.generate.faults_doc`; change the faults' docstrings instead. -->

Every way in which a service or its network can fail here. A fault is one line of a scenario's `faults`: the moment it waits for
(`when`), its name (`fault`) and its parameters. Durations and sizes carry their unit. *Presents as* is what an onlooker on the
client's side can tell of it; it decides which reasons an honest client may give. *Proof* is the test that reads from a socket
what a client really gets, with the fault and without it.
"""

# fmt: off
LAYERS = {
    Layer.CONNECT: ("Connect",
                    "Before the first byte. A server then knows its port and the connection's number only: addressed by "
                    "`{service, connection}`, or by `{service, from, for}`."),
    Layer.TLS:     ("TLS",     "In the handshake; addressed like a connect fault."),
    Layer.BYTES:   ("Bytes",   "On the bytes of a reply, head included. The service did its work before. "
                               "Addressed by `{exchange, nth}`, like all that follow."),
    Layer.HTTP:    ("HTTP",    "Another HTTP reply in place of the service's, or a change to it."),
    Layer.SERVICE: ("Service", "Another decision of the service; the reply is well-formed in the session's dialect."),
}
MOMENTS = {
    Layer.CONNECT:   "{service: license, connection: 1}",
    Layer.TLS:       "{service: license, connection: 1}",
    "refused":       "{service: license, from: 0 s, for: 5 s}",
    "connect_timeout": "{service: license, from: 0 s, for: 5 min}",
    "slow_connect":  "{service: license, from: 0 s, for: 500 ms}",
}
# fmt: on
ON_REAL_SOCKETS = dict.fromkeys(("connect_timeout", "slow_connect"), "Linux, if the sockets are real")

MOMENTS_TEXT = """\
## Moments

Connect and TLS faults stand at a port: `{service: license, connection: 2}`, or `{service: license, from: 20 s, for: 5 s}`.
All others meet requests, and of a request all that is said must be so:

| `when` | meets |
|---|---|
| `{exchange: license}` | every request |
| `{exchange: license, nth: 2}` · `[1, 3]` · `2 to 4` | those requests, counted from 1 |
| `{exchange: license, for: 40 s}` · `{…, from: 10 s, for: 40 s}` | requests of that time |
| `{exchange: license, probability: 0.3}` | three of ten, drawn from the seed: the same ones in every run |
| `{exchange: license, waiting_more_than: 10}` | requests that come while more than ten wait, this one included |

Several faults may meet one request. One of HTTP speaks instead of the service, service faults bend its decision in turn, and
the reply then passes through every byte fault, in the order of the script.
"""


DEVICE_TEXT = """\
## What happens to the device

A scenario's `device` is a timeline of the client's own device, beside the faults of services and their network: each entry a
moment, an `event`, and what the event takes. The moment is a time from the start (`at: 3 s`) or the first status of a phase
(`when: receiving`), and `after: 500 ms` from there.

```yaml
device:
  - {when: connecting, event: offline, for: 20 s}
  - {at: 40 s, event: killed, for: 2 s}
```

An event that began while no round was under way, and met none while it lasted, has changed nothing; a pass is inconclusive.
A round in which the client is killed ends there; once the client is started again, a new one begins.

What cannot be made to happen in earnest is refused before the run, by name. On real sockets no event pretends that a device is
offline: a service could fall silent, for which there are faults (`connect_timeout`, `stall_after`), but nobody can hold back
from outside what a client's own system sends. A program is killed by SIGKILL, with all that it started; a client in this
process as far as it can do so itself, and one that has no `kill` is not killed.

Another project's events join by the entry point group `drm_harness.device_events`.
"""

# fmt: off
WHICH_CLIENTS: dict[Ability, str] = {
    "network": "any",
    "address": "any",
    "storage": "in process with `fill_storage`; programs that say `storage`",
    "life":    "in process with `kill`; programs and command lines",
}
# fmt: on


def text() -> str:
    """The whole document."""
    faults = (line for layer in Layer for line in _layer(layer))
    return "\n".join([INTRODUCTION, MOMENTS_TEXT, *_reach(), *faults, DEVICE_TEXT, *_device_reach(), *_events()])


def _reach() -> Iterator[str]:
    """Which fault can be had where."""
    yield from ("## Reach", "")
    yield "Where a fault can be had at all; elsewhere a scenario with it is out of reach, and said to be so before the run."
    yield from ("", "| fault | layer | simulated network | real sockets | needs | presents as |", "|---|---|---|---|---|---|")
    for layer in Layer:
        for name in sorted(name for name, cls in HOUSE.items() if cls.layer is layer):
            cls = HOUSE[name]
            here, there = ("yes" if network in cls.reach else "no" for network in ("simulated", "loopback"))
            needs = ", ".join(filter(None, ("TLS" if cls.needs_tls else "", ON_REAL_SOCKETS.get(name, ""))))
            shown = " or ".join(dict.fromkeys(example.presents_as().value for example in examples_of(name)))
            yield f"| [`{name}`](#{name}) | {layer.value} | {here} | {there} | {needs} | {shown} |"
    yield ""


def _device_reach() -> Iterator[str]:
    """Which event can be had where, and with whom."""
    yield "| event | simulated network | real sockets | tiers | which clients | an honest client may then say |"
    yield "|---|---|---|---|---|---|"
    for name, event in EVENTS.items():
        here, there = (
            "yes" if all(network in REACH[need] for need in event.needs) else "no" for network in ("simulated", "loopback")
        )
        tiers = ", ".join(f"`{tier}`" for tier in TIER_NAMES if all(tier in TIERS[need] for need in event.needs))
        clients = "; ".join(WHICH_CLIENTS[need] for need in sorted(event.needs))
        said = ", ".join(f"`{reason}`" for reason in sorted(event.model_validate(event.examples[0]).reasons())) or "–"
        yield f"| [`{name}`](#{name}) | {here} | {there} | {tiers} | {clients} | {said} |"
    yield ""


def _events() -> Iterator[str]:
    for name, event in EVENTS.items():
        about, _, attributes = cleandoc(event.__doc__ or "").replace("``", "`").partition("\n\nAttributes:\n")
        yield from (f"### `{name}`", "", about, "")
        for key, meaning in _meanings(attributes) if attributes else ():
            yield from (f"`{event.model_fields[key].alias or key}`, a duration: {meaning[:1].lower()}{meaning[1:]}", "")
        lines = ((f"{key}: {value}" for key, value in example.items()) for example in event.examples)
        yield from ("```yaml", *("- {" + ", ".join(["at: 3 s", f"event: {name}", *line]) + "}" for line in lines), "```", "")


def _layer(layer: Layer) -> Iterator[str]:
    title, about = LAYERS[layer]
    yield from (f"## {title}", "", about, "")
    for name in sorted(name for name, cls in HOUSE.items() if cls.layer is layer):
        yield from _fault(name, HOUSE[name])


def _fault(name: str, cls: type[Fault]) -> Iterator[str]:
    about, _, attributes = cleandoc(cls.__doc__ or "").replace("``", "`").partition("\n\nAttributes:\n")
    presentations = dict.fromkeys(example.presents_as().value for example in examples_of(name))
    yield from (f"### `{name}`", "", about, "")
    if attributes:
        yield from ("| parameter | value | if absent | meaning |", "|---|---|---|---|")
        yield from (_parameter(name, cls, parameter, meaning) for parameter, meaning in _meanings(attributes))
        yield ""
    yield from ("```yaml", *(_line(name, cls, parameters) for parameters in EXAMPLES[name]), "```", "")
    proof = f"tests/fake_servers/proofs/test_{name}.py"
    facts = (f"Presents as: {', '.join(presentations)}", f"Network: {', '.join(sorted(cls.reach))}", f"[Proof](../{proof})")
    yield from (" · ".join(facts), "")


def _meanings(attributes: str) -> Iterator[tuple[str, str]]:
    """(parameter, meaning) for each entry; lines further in than the first belong to the entry above."""
    joined = attributes.replace("\n        ", " ")
    for entry in joined.splitlines():
        parameter, _, meaning = entry.strip().partition(": ")
        yield parameter, meaning


def _parameter(name: str, cls: type[Fault], parameter: str, meaning: str) -> str:
    schema = cls.model_json_schema()
    absent = "required" if parameter in schema.get("required", ()) else f"`{_default(name, cls, parameter)}`"
    return f"| `{parameter}` | {_kind(schema['properties'][parameter])} | {absent} | {meaning} |"


def _default(name: str, cls: type[Fault], parameter: str) -> object:
    needed = {key: value for key, value in EXAMPLES[name][0].items() if cls.model_fields[key].is_required()}
    return cls.model_validate(needed).model_dump(mode="json")[parameter]


def _kind(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return " or ".join(f"`{choice}`" for choice in schema["enum"])
    if schema["type"] == "integer":
        bounds = [f"{word} {schema[key]}" for word, key in (("from", "minimum"), ("to", "maximum")) if key in schema]
        return " ".join(["a whole number", *bounds])
    unit = str(schema.get("examples", [""])[0]).partition(" ")[2]
    return "a duration" if unit in SECONDS_IN else "a size" if unit in BYTES_IN else "text"


def _line(name: str, cls: type[Fault], parameters: dict[str, Any]) -> str:
    moment = MOMENTS.get(name) or MOMENTS.get(cls.layer, f"{{exchange: {usual_exchange(cls)}, nth: 1}}")
    return "- {" + ", ".join([f"when: {moment}", f"fault: {name}", *(f"{k}: {v}" for k, v in parameters.items())]) + "}"


def main(arguments: Sequence[str], path: Path = TARGET) -> int:
    """Write the page, or check it."""
    return write_or_check(path, text(), "tests.generate.faults_doc", arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
