"""The walls of the house: who may import whom, and each dependency's one door (docs/architecture.md)."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHELL = ("crawler.cli", "crawler.commands", "crawler.run", "crawler.settings", "crawler.fetch")
DOORS = {
    "scrapy": ("crawler.settings", "crawler.run", "crawler.fetch", "spiders", "pipelines.adapter"),
    "twisted": ("crawler.settings", "crawler.run", "crawler.fetch", "spiders", "pipelines.adapter"),
    "trafilatura": ("pipelines",),
    "warcio": ("crawler.warc",),
    "yaml": ("crawler.config",),
}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {
    module_name(path): path
    for folder in ("crawler", "spiders", "pipelines")
    for path in sorted((ROOT / folder).rglob("*.py"))
}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module or ""}
    return found


def within(module: str, rooms: tuple[str, ...]) -> bool:
    return any(module == room or module.startswith(room + ".") for room in rooms)


def forbidden(module: str) -> tuple[str, ...]:
    if within(module, SHELL):
        return ()
    if within(module, ("spiders",)):
        return ("pipelines", *SHELL)
    if within(module, ("pipelines",)):
        return ("spiders", *SHELL)
    return ("spiders", "pipelines", *SHELL)


def test_there_is_something_to_check():
    assert {"crawler.record", "spiders.site", "pipelines.order", "crawler.fetch.tee"} <= MODULES.keys()


@pytest.mark.parametrize("module", MODULES)
def test_imports_stay_within_the_walls(module):
    crossed = {name for name in imports(MODULES[module]) if within(name, forbidden(module))}
    assert not crossed, f"{module} must not import {sorted(crossed)}"


@pytest.mark.parametrize("module", MODULES)
def test_each_dependency_has_one_door(module):
    for package, doors in DOORS.items():
        if not within(module, doors):
            used = {name for name in imports(MODULES[module]) if within(name, (package,))}
            assert not used, f"{module} must not import {sorted(used)}"


def test_what_workers_import_anew_of_the_crash_bench_is_light() -> None:
    """A spawned worker imports the main module of whoever began the crawl, under its limit of memory."""
    code = "import sys, tests.bench.bench_crash; sys.exit(any(name in sys.modules for name in ('scrapy', 'twisted', 'lxml')))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
