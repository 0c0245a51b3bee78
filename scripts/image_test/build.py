"""Carries out a Dockerfile's stages, each in a root of its own."""

import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from scripts.image_test import debian_root
from scripts.image_test.debian_root import Root
from scripts.image_test.dockerfile import Stage, Step, assignments, exec_form, expand, ignored_by


def build(stages: list[Stage], context: Path, work: Path) -> Root:
    """Runs every stage under `work` and returns the last one's root; SystemExit names the line that failed."""
    built = Build(context, _ignore_patterns(context))
    for stage in stages:
        print(f"image-test: FROM {stage.base} AS {stage.name}", flush=True)
        built.roots[stage.name] = debian_root.base(stage.base, work / stage.name)
        for step in stage.steps:
            built.carry_out(step, built.roots[stage.name])
    return built.roots[stages[-1].name]


@dataclass
class Build:
    """The stages made so far, and the folder the Dockerfile copies from."""

    context: Path
    ignore: list[str]
    roots: dict[str, Root] = field(default_factory=dict[str, Root])

    def carry_out(self, step: Step, root: Root) -> None:
        """Does what one instruction says to `root`."""
        print(f"image-test: line {step.line}: {step.word} {step.rest[:90]}", flush=True)
        text = expand(step.rest, root.args | root.env)
        match step.word:
            case "RUN":
                _run(step, root)
            case "COPY":
                self._copy(step, exec_form(text) or text.split(), root)
            case "ENV":
                root.env |= assignments(text)
            case "ARG":
                root.args |= assignments(text)
            case "USER":
                root.user = text
            case "WORKDIR":
                root.workdir = str(Path(root.workdir) / text)
                (root.path / root.workdir.lstrip("/")).mkdir(parents=True, exist_ok=True)
            case "ENTRYPOINT":
                root.entrypoint = exec_form(text) or ["/bin/sh", "-c", text]
            case "VOLUME":
                root.volumes += exec_form(text) or text.split()
            case _:
                pass  # CMD, EXPOSE and LABEL say something to an engine and change no file

    def _copy(self, step: Step, words: list[str], root: Root) -> None:
        *sources, target = words
        goal = root.path / (Path(root.workdir) / target).relative_to("/")
        stage = step.option("from")
        for source in sources:
            place = self.roots[stage].path / source.lstrip("/") if stage else self.context / source
            if place.is_dir():
                goal.mkdir(parents=True, exist_ok=True)
                self._copy_folder(place, goal, from_context=stage is None)
            elif place.is_file() and (stage or not ignored_by(place.relative_to(self.context), self.ignore)):
                into_folder = len(sources) > 1 or target.endswith("/") or goal.is_dir()
                (goal if into_folder else goal.parent).mkdir(parents=True, exist_ok=True)
                shutil.copy(place, goal / place.name if into_folder else goal)
            else:
                raise SystemExit(
                    f"image-test: Dockerfile line {step.line}: COPY {source}: not there, or in .dockerignore"
                )

    def _copy_folder(self, place: Path, goal: Path, *, from_context: bool) -> None:
        if not from_context:
            subprocess.run(["cp", "--archive", f"{place}/.", goal], check=True)
            return
        for file in sorted(path for path in place.rglob("*") if path.is_file()):
            if not ignored_by(file.relative_to(self.context), self.ignore):
                copy = goal / file.relative_to(place)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, copy)


def _run(step: Step, root: Root) -> None:
    command = exec_form(step.rest) or ["/bin/sh", "-c", step.rest]
    mounts = [assignments(value.replace(",", " ")) for key, value in step.options if key == "mount"]
    caches = [mount["target"] for mount in mounts if mount.get("type") == "cache"]
    done = debian_root.run(root, command, caches=caches)
    if done.returncode:
        print(done.stdout[-8000:], done.stderr[-8000:])
        raise SystemExit(f"image-test: Dockerfile line {step.line}: RUN ended with {done.returncode}")


def _ignore_patterns(context: Path) -> list[str]:
    file = context / ".dockerignore"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
