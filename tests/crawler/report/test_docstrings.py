"""Docstrings under fields are found, and a field without one is told."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from crawler.errors import Exit
from crawler.record import Article
from crawler.report.docstrings import field_docs

SOURCE = '''
from dataclasses import dataclass
LIMIT: int = 1
"""Not a field."""
@dataclass
class Good:
    """Of the class."""
    one: int
    """First
    line, ``second``."""
    two: str = "x"
    """Second."""
    _own: int = 3
    def method(self) -> None:
        """Not a field's."""
@dataclass
class Bad:
    one: int
    two: int
    """Second's, not first's."""
'''


@pytest.fixture
def module(tmp_path: Path) -> Iterator[ModuleType]:
    path = tmp_path / "invented_classes.py"
    path.write_text(SOURCE)
    spec = importlib.util.spec_from_file_location("invented_classes", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules["invented_classes"] = made
    spec.loader.exec_module(made)
    yield made
    del sys.modules["invented_classes"]


def test_each_field_has_its_own(module: Any) -> None:
    assert field_docs(module.Good) == {"one": "First line, `second`.", "two": "Second."}


def test_a_field_without_one_is_told(module: Any) -> None:
    with pytest.raises(ValueError, match=r"Bad\.one has no docstring"):
        field_docs(module.Bad)


def test_order_is_that_of_the_source() -> None:
    assert list(field_docs(Exit)) == [code.name for code in Exit]
    assert list(field_docs(Article))[:2] == ["schema_version", "id"]
