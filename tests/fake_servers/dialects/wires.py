"""What any wire can carry, drawn by Hypothesis; and the vectors."""

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from fake_servers.content_keys import base64url
from fake_servers.services.decision import License

VECTORS = Path(__file__).resolve().parents[2] / "vectors"

# XML holds no control characters, no surrogates and no unassigned code points that it calls non-characters.
words = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=12)
names = words.filter(bool)
key_ids = st.binary(min_size=16, max_size=16).map(base64url)
ascii_keys = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12)


def licenses(contents: st.SearchStrategy[str]) -> st.SearchStrategy[License]:
    return st.builds(
        License,
        content=contents,
        key=st.binary(min_size=16, max_size=16),
        expires_epoch_s=st.none() | st.floats(0, 1e11),
        may_back_up=st.booleans(),
    )


def tuples_of(items: st.SearchStrategy[Any], min_size: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, min_size=min_size, max_size=3).map(tuple)


def vectors(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
