"""The wheel holds what the program needs, and finds it where there is no checkout."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sre_advisor.packaged import config_dir, prompts_dir

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built by pip with the locked hatchling and no network."""
    target = tmp_path_factory.mktemp("wheel")
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(target)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(ROOT)], check=True)
    (built,) = target.glob("*.whl")
    return built


def files_below(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }


def test_every_prompt_and_configuration_file_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    for folder in ("prompts", "config"):
        expected = {f"sre_advisor/_packaged/{folder}/{name}" for name in files_below(ROOT / folder)}
        assert expected, f"{folder}/ is empty"
        assert expected <= names


def test_every_file_of_the_program_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {f"sre_advisor/{name}" for name in files_below(ROOT / "src" / "sre_advisor")} <= names


def test_the_installed_wheel_finds_its_prompts_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "site"
    options = ["--quiet", "--no-deps", "--no-index", "--target", str(place)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(wheel)], check=True)

    program = "from sre_advisor import packaged; print(packaged.prompts_dir()); print(packaged.config_dir())"
    shown = subprocess.run(
        # -S: no site-packages, so that nothing but the wheel can answer.
        [sys.executable, "-S", "-c", program],
        env={"PYTHONPATH": str(place)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()

    assert [Path(line) for line in shown] == [
        place / "sre_advisor" / "_packaged" / "prompts",
        place / "sre_advisor" / "_packaged" / "config",
    ]
    assert files_below(Path(shown[0])) == files_below(ROOT / "prompts")


def test_a_checkout_reads_its_own_prompts_and_configuration() -> None:
    assert prompts_dir() == ROOT / "prompts"
    assert config_dir() == ROOT / "config"
