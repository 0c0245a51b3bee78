"""What was unpacked of recordings, kept while this process may open them again; gone when it ends."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from threading import Lock

import numpy as np

from sre_advisor.replay import archive
from sre_advisor.replay.folder import Folder
from sre_advisor.replay.local_prometheus import LocalPrometheus, Programs, make_blocks, start
from sre_advisor.replay.openmetrics import RawSeries, checked, labels_of
from sre_advisor.replay.parts import AnswerPart, EraPart, MetricsPart
from sre_advisor.replay.sealed import MANIFEST, Sealed, is_sealed, open_sealed
from sre_advisor.replay.sealed_world import world_of
from sre_advisor.replay.world import World, load_world

IDLE = 4
"""Recordings kept ready that nobody has open: each holds a Prometheus of some 60 MB."""


@dataclass(slots=True)
class Volume:
    """One recording, read once; `sealed` is None for one of version 1."""

    world: World
    sealed: Sealed | None
    place: Path
    scratch: Path
    answers: tuple[AnswerPart, ...] = ()
    metrics: MetricsPart = field(default_factory=MetricsPart)
    readers: int = 0
    _server: LocalPrometheus | None = None
    _raw: tuple[RawSeries, ...] | None = None
    _lock: Lock = field(default_factory=Lock)

    def prometheus(self, programs: Programs) -> LocalPrometheus:
        """The local Prometheus over its series, started at the first call."""
        with self._lock:
            if self._server is None:
                assert self.sealed is not None
                folder = self.scratch / "prometheus"
                for era in self.sealed.manifest.eras:
                    if era.file and era.name != "after":
                        make_blocks(programs, era.file, self.sealed.path(era.file), folder, *_ends(era))
                self._server = start(programs, folder)
            return self._server

    def raw(self) -> Sequence[RawSeries]:
        """The recorded samples, read at the first call; raises BrokenRecording."""
        with self._lock:
            if self._raw is None:
                assert self.sealed is not None
                columns: dict[bytes, tuple[array[float], array[float]]] = {}
                # In order of time, so that each series' samples stay ascending.
                for era in sorted(self.sealed.manifest.eras, key=lambda one: one.start):
                    if era.file and era.name != "after":
                        _read_series(self.sealed, era, columns)
                self._raw = tuple(
                    RawSeries(labels_of(head), np.frombuffer(times), np.frombuffer(values))
                    for head, (times, values) in columns.items()
                )
            return self._raw

    def close(self) -> None:
        """End the Prometheus and remove what was unpacked."""
        with self._lock:
            if self._server is not None:
                self._server.stop()
                self._server = None
        shutil.rmtree(self.scratch, ignore_errors=True)


def _ends(era: EraPart) -> tuple[float, float]:
    """Between when its samples must lie, in unix seconds."""
    a_minute = timedelta(minutes=1)
    return (era.start - a_minute).timestamp(), (era.end + a_minute).timestamp()


def _read_series(sealed: Sealed, era: EraPart, columns: dict[bytes, tuple[array[float], array[float]]]) -> None:
    assert era.file is not None
    for head, at, value in checked(era.file, sealed.path(era.file), *_ends(era)):
        times, values = columns.setdefault(head, (array("d"), array("d")))
        if not times or at > times[-1]:
            times.append(at)
            values.append(value)


_Key = tuple[str, int, int]


@cache
def shelf() -> Shelf:
    """The one shelf of this process."""
    return Shelf()


class Shelf:
    """The volumes of this process; all calls block and belong into a thread."""

    def __init__(self) -> None:
        self._volumes: OrderedDict[_Key, Volume] = OrderedDict()
        self._locks: dict[_Key, Lock] = {}
        self._lock = Lock()
        atexit.register(self.clear)

    def take(self, path: Path) -> Volume:
        """The recording, unpacked and checked once for all who open it; raises BrokenRecording."""
        key = _key(path)
        with self._lock:
            mine = self._locks.setdefault(key, Lock())
        with mine:  # two who open the same one wait for each other, others do not
            volume = self._volumes.get(key) or _opened(path)
            with self._lock:
                volume.readers += 1
                self._volumes[key] = volume
                self._volumes.move_to_end(key)
        return volume

    def give_back(self, volume: Volume) -> None:
        """Nobody reads it any more here; the ones idle longest are let go of."""
        with self._lock:
            volume.readers -= 1
            idle = [key for key, one in self._volumes.items() if not one.readers]
            gone = [self._volumes.pop(key) for key in idle[: max(0, len(idle) - IDLE)]]
        for one in gone:
            one.close()

    def clear(self) -> None:
        """Let go of all."""
        with self._lock:
            gone = list(self._volumes.values())
            self._volumes.clear()
        for one in gone:
            one.close()


def _key(path: Path) -> _Key:
    try:
        place = path.resolve()
        told = place / MANIFEST if place.is_dir() else place
        state = told.stat() if told.exists() else place.stat()
    except OSError:
        return (str(path), 0, 0)
    return (str(place), state.st_mtime_ns, state.st_size)


def _opened(path: Path) -> Volume:
    scratch = Path(tempfile.mkdtemp(prefix="sre-advisor-recording-"))
    try:
        place = path
        if archive.is_archive(path):
            place = scratch / "files"
            place.mkdir()
            archive.unpack(path, place)
        folder = Folder(place)
        if not is_sealed(folder):
            return Volume(load_world(place), None, place, scratch)
        sealed = open_sealed(folder)
        answers = tuple(sealed.answers())
        return Volume(world_of(sealed, answers), sealed, place, scratch, answers, sealed.metrics())
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
