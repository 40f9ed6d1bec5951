"""A lifecycle drawn as a Mermaid state diagram, so that the figure in the docs is the table and never drifts from it.

All rows between the same two states share one arrow; its label has a line a row, ``trigger / what the user is told``.
"""

from __future__ import annotations

from harness.operations.lifecycle import Lifecycle, Row

# Borders only: a fill that reads well on a light page is unreadable on a dark one.
SETTLED = "classDef settled stroke-width:4px"


def mermaid(lifecycle: Lifecycle) -> str:
    """The text of a ``stateDiagram-v2``, states and arrows in the order of the table, without a newline at the end.

    A thick border marks the states in which a round is settled; those that even a retry cannot leave lead to the final dot.
    """
    arrows: dict[tuple[str, str], list[Row]] = {}
    for row in lifecycle.rows:
        arrows.setdefault((row.source, row.destination), []).append(row)
    settled = [state for state in lifecycle.states if state in lifecycle.ends]
    final = [state for state in settled if not lifecycle.rows_from[state]]
    lines = [
        f"[*] --> {lifecycle.initial}",
        *(f"{source} --> {destination} : {'<br/>'.join(map(_label, rows))}" for (source, destination), rows in arrows.items()),
        *(f"{state} --> [*]" for state in final),
        SETTLED,
        f"class {','.join(settled)} settled",
    ]
    return "\n    ".join(["stateDiagram-v2", *lines])


def _label(row: Row) -> str:
    return f"{row.trigger} / {row.says}" if row.says else row.trigger
