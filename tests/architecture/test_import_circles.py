"""No two modules import each other, however far around and for whatever purpose: one of them holds what belongs lower."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.import_circles import circles, imports_of

ROOT = Path(__file__).resolve().parents[2]


def test_no_modules_import_each_other() -> None:
    found = circles(imports_of(ROOT, ("harness", "fake_servers")))
    assert not found, "move what both need to a file of its own:\n" + "\n".join(map(" · ".join, found))


@pytest.mark.parametrize(
    ("files", "circle"),
    [
        ({"a.py": "import house.b", "b.py": "import house.a"}, ["house.a", "house.b"]),
        ({"a.py": "from house import b", "b.py": "from house.a import A"}, ["house.a", "house.b"]),
        ({"a.py": "from . import b", "b.py": "from .a import A"}, ["house.a", "house.b"]),
        ({"a.py": "if TYPE_CHECKING:\n    from house.b import B", "b.py": "import house.a"}, ["house.a", "house.b"]),
        ({"a.py": "def late():\n    import house.b", "b.py": "import house.a"}, ["house.a", "house.b"]),
        ({"a.py": "import house.b", "b.py": "import house.c", "c.py": "import house.a"}, ["house.a", "house.b", "house.c"]),
        # whoever imports part of another package runs its __init__, too
        ({"a.py": "import house.p.x", "p/__init__.py": "import house.a", "p/x.py": ""}, ["house.a", "house.p"]),
    ],
    ids=["import", "from a package", "relative", "for type checkers", "within a function", "around a corner", "by a package"],
)
def test_a_circle_is_found(tmp_path: Path, files: dict[str, str], circle: list[str]) -> None:
    for name, text in {"__init__.py": "", **files}.items():
        (tmp_path / "house" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "house" / name).write_text(text)
    assert circles(imports_of(tmp_path, ("house",))) == [circle]


def test_a_package_that_lists_its_own_files_is_no_circle(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "__init__.py").write_text("from house import a, b")
    (tmp_path / "house" / "a.py").write_text("from house.b import B")
    (tmp_path / "house" / "b.py").write_text("")
    assert circles(imports_of(tmp_path, ("house",))) == []
