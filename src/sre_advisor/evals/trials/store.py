"""The folder of a run: what was asked for, and every finished trial, each on disk before it counts."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from sre_advisor.evals.trials.trial import Trial
from sre_advisor.evals.trouble import EvalTrouble

RUN, TRIALS, LOCK = "run.json", "trials.jsonl", ".lock"
FORMAT_VERSION = 1


class RunFile(BaseModel):
    """`run.json`: what the trials of this folder are of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: int = FORMAT_VERSION
    suite: str
    suite_hash: str
    cases: tuple[str, ...]
    tags: dict[str, tuple[str, ...]]
    arms: tuple[str, ...]
    trials: int
    program: str
    prompts: dict[str, str]
    """The hash of each arm's prompts; "" where it has none."""


class RunFolder:
    """A run's folder, held by one process at a time while it writes."""

    def __init__(self, folder: Path, run: RunFile, trials: Sequence[Trial], lock: IO[bytes] | None) -> None:
        self.folder, self.run = folder, run
        self._by_key = {t.key: t for t in trials}
        self._lock = lock
        self._waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    @classmethod
    def begin(cls, folder: Path, run: RunFile) -> RunFolder:
        """Make the folder, or go on with the run that is in it; raises EvalTrouble when it is another's."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = (folder / LOCK).open("ab")
        except OSError as error:
            raise EvalTrouble(f"--out {folder}: cannot be written ({error.strerror}); name another folder") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise EvalTrouble(f"{folder}: another eval is writing to it; wait for it or name another --out") from None
        try:
            known = _run_file(folder) if (folder / RUN).exists() else None
            if known is None:
                if (folder / TRIALS).exists():
                    raise EvalTrouble(f"{folder}: holds {TRIALS} without {RUN}; name another --out")
                _write(folder / RUN, run.model_dump_json(indent=1))
            else:
                run = _continued(folder, known, run)
            trials = _trials(folder, mend=True)
        except BaseException:
            lock.close()
            raise
        return cls(folder, run, trials, lock)

    @property
    def trials(self) -> tuple[Trial, ...]:
        """The trials, the newest of each key."""
        return tuple(self._by_key.values())

    @property
    def finished(self) -> frozenset[tuple[str, str, int]]:
        """The keys of trials that need not be asked again: those that failed for want of a model do."""
        return frozenset(t.key for t in self.trials if t.failed is None)

    async def keep(self, trial: Trial) -> None:
        """Append the trial; returns when it is on disk. Several at once share one write."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((trial.model_dump_json().encode() + b"\n", done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_waiting())
        await done
        self._by_key[trial.key] = trial

    async def _write_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                await asyncio.to_thread(_append, self.folder / TRIALS, b"".join(line for line, _ in batch))
            except OSError as error:
                trouble = EvalTrouble(
                    f"{self.folder / TRIALS}: cannot be written ({error.strerror}); finished trials are safe"
                )
                for _, done in batch:
                    if not done.done():
                        done.set_exception(trouble)
                continue
            for _, done in batch:
                if not done.done():
                    done.set_result(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock is not None:
            self._lock.close()


def read_run(folder: Path) -> RunFolder:
    """A run to look at, also while it is being written; raises EvalTrouble."""
    if not (folder / RUN).is_file():
        raise EvalTrouble(f"{folder}: is no folder of a run ({RUN} is missing); name one that `evals run --out` made")
    return RunFolder(folder, _run_file(folder), _trials(folder, mend=False), None)


def _continued(folder: Path, known: RunFile, wanted: RunFile) -> RunFile:
    """The run as it goes on: more trials, cases or models may come to it, but the questions must be the same."""
    if (known.suite, known.suite_hash) != (wanted.suite, wanted.suite_hash):
        same = "an earlier state of it" if known.suite == wanted.suite else f"suite {known.suite}"
        raise EvalTrouble(
            f"{folder}: holds a run of {same}, not of suite {wanted.suite} as it is now; name another --out"
        )
    both = set(known.prompts) & set(wanted.prompts)
    if changed := sorted(a for a in both if known.prompts[a] != wanted.prompts[a]):
        raise EvalTrouble(f"{folder}: {', '.join(changed)} was asked with other prompts there; name another --out")
    grown = RunFile(
        suite=wanted.suite, suite_hash=wanted.suite_hash, cases=tuple(dict.fromkeys((*known.cases, *wanted.cases))),
        tags=known.tags | wanted.tags, arms=tuple(dict.fromkeys((*known.arms, *wanted.arms))),
        trials=max(known.trials, wanted.trials), program=wanted.program, prompts=known.prompts | wanted.prompts,
    )  # fmt: skip
    if grown != known:
        _write(folder / RUN, grown.model_dump_json(indent=1))
    return grown


def _run_file(folder: Path) -> RunFile:
    try:
        return RunFile.model_validate_json((folder / RUN).read_bytes())
    except (OSError, ValidationError):
        raise EvalTrouble(f"{folder / RUN}: is not a run this program can read; name another folder") from None


def _trials(folder: Path, *, mend: bool) -> list[Trial]:
    """The trials in the file, the newest of each key. A last line that was never finished is as if never written."""
    path = folder / TRIALS
    if not path.exists():
        return []
    data = path.read_bytes()
    whole, _, rest = data.rpartition(b"\n")
    if rest and mend:
        os.truncate(path, len(data) - len(rest))
    found: dict[tuple[str, str, int], Trial] = {}
    for number, line in enumerate(whole.split(b"\n"), 1):
        if not line:
            continue
        try:
            trial = Trial.model_validate_json(line)
        except ValidationError:
            raise EvalTrouble(f"{path}, line {number}: is no trial; remove the line to have it asked again") from None
        found[trial.key] = trial
    return list(found.values())


def _append(path: Path, data: bytes) -> None:
    with path.open("ab") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _write(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as stream:
        stream.write(text + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
