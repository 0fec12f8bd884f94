"""The wheel in a fresh environment, beside a foreign package that owns the name ``spiders``."""

import json
import os
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*command, cwd):
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PRESSMARK", "SCRAPY"))}
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True, timeout=300
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", out, ROOT, cwd=ROOT)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    """A new environment with the wheel, the tested dependencies (from this environment) and a stranger's ``spiders``."""
    root = tmp_path_factory.mktemp("environment")
    venv.create(root, with_pip=False)
    packages = root / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    (packages / "tested.pth").write_text("\n".join(site.getsitepackages()))
    (packages / "spiders").mkdir()
    (packages / "spiders" / "__init__.py").write_text("OWNER = 'somebody else'\n")
    done = run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        root / "bin" / "python",
        "install",
        "--no-deps",
        "--quiet",
        wheel,
        cwd=root,
    )
    assert done.returncode == 0, done.stderr
    return root


def test_the_wheel_installs_one_module_and_one_folder(wheel):
    names = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"pressmark.py", "_pressmark"}


def test_the_demo_runs_from_the_wheel_beside_a_foreign_spiders_package(environment, tmp_path):
    done = run(environment / "bin" / "pressmark", "demo", "--port", "0", "--json", "-C", tmp_path / "c", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["articles"] >= 40
    done = run(environment / "bin" / "pressmark", "export", tmp_path / "ds", "-C", tmp_path / "c", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "<style>" in (tmp_path / "ds/index.html").read_text(encoding="utf-8")
    owner = run(environment / "bin" / "python", "-c", "import spiders; print(spiders.OWNER)", cwd=tmp_path)
    assert owner.stdout.strip() == "somebody else"


def test_python_access_works_from_the_wheel_and_leaves_the_path_alone(environment, tmp_path):
    code = """
import sys
before = list(sys.path)
from pressmark import open_collection, PressmarkError
assert sys.path == before
try:
    open_collection("nothing-here")
except PressmarkError as error:
    print(error)
import spiders; print(spiders.OWNER)
"""
    done = run(environment / "bin" / "python", "-c", code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "nothing-here does not exist" in done.stdout
    assert "somebody else" in done.stdout


def test_a_foreign_spiders_package_that_comes_first_is_named(environment, tmp_path):
    code = "import sys; sys.path.append(sys.argv[1]); import crawler.settings"
    home = next(environment.rglob("_pressmark"))
    done = run(environment / "bin" / "python", "-c", code, home, cwd=tmp_path)
    assert done.returncode != 0
    assert "'spiders' that Python finds" in done.stderr
