"""Gzip with bounds: one member, whole, nothing behind it, never more than so many bytes."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from sre_advisor.replay.broken import BrokenRecording

CHUNK = 1 << 18
ADVICE = "record again or copy the file anew"


def unpacked(name: str, path: Path, limit: int) -> Iterator[bytes]:
    """The content piece by piece; raises BrokenRecording when it is damaged, goes on, or exceeds `limit` bytes."""
    engine, size = zlib.decompressobj(wbits=31), 0
    try:
        with path.open("rb") as file:
            while not engine.eof:
                raw = file.read(CHUNK)
                if not raw:
                    raise BrokenRecording(name, "", "ends before its end: it was cut off", ADVICE)
                while raw and not engine.eof:
                    piece = engine.decompress(raw, CHUNK)
                    raw = engine.unconsumed_tail
                    size += len(piece)
                    if size > limit:
                        raise BrokenRecording(
                            name, "", f"unpacks to more than {limit // 1_000_000} MB", "record a shorter time"
                        )
                    if piece:
                        yield piece
            if engine.unused_data or file.read(1):
                raise BrokenRecording(name, "", "holds something behind its gzip data", ADVICE)
    except zlib.error:
        raise BrokenRecording(name, "", "is not gzip data or is damaged", ADVICE) from None
    except OSError as error:
        raise BrokenRecording(name, "", (error.strerror or "cannot be read").lower(), ADVICE) from None


def whole(name: str, path: Path, limit: int) -> bytes:
    """The content in one piece; raises BrokenRecording as above."""
    return b"".join(unpacked(name, path, limit))


def lines(name: str, path: Path, limit: int, longest: int) -> Iterator[bytes]:
    """The content line by line, none longer than `longest` bytes; raises BrokenRecording as above."""
    rest, number = b"", 0
    for piece in unpacked(name, path, limit):
        *full, rest = (rest + piece).split(b"\n")
        for line in full:
            number += 1
            if len(line) > longest:
                raise BrokenRecording(name, f"line {number}", f"is longer than {longest:,} bytes", ADVICE)
            yield line
        if len(rest) > longest:
            raise BrokenRecording(name, f"line {number + 1}", f"is longer than {longest:,} bytes", ADVICE)
    if rest:
        yield rest


def packed(data: bytes) -> bytes:
    """The data gzipped, the same bytes each time."""
    return gzip.compress(data, 6, mtime=0)
