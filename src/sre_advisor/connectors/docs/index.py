"""The index: documents and sections in SQLite, their words in FTS5; synchronous, one connection behind a lock."""

from __future__ import annotations

import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from sre_advisor.connectors.contract import Unavailable
from sre_advisor.connectors.docs import markdown, scan, words
from sre_advisor.connectors.docs.config import DocsConfig

_VERSION = 1
_APPLICATION = 0x53524544
"""Marks the file as ours (application_id), so that nobody else's database is ever rebuilt."""
_SCHEMA = """
CREATE TABLE documents (id INTEGER PRIMARY KEY, path TEXT UNIQUE, title TEXT, mtime_ns INTEGER,
                        size INTEGER, cut INTEGER);
CREATE TABLE sections (id INTEGER PRIMARY KEY, document INTEGER, heading TEXT, level INTEGER, text TEXT,
                       first_line INTEGER, last_line INTEGER, anchor TEXT);
CREATE INDEX sections_of ON sections (document, id);
CREATE VIRTUAL TABLE document_words USING fts5 (title, path, headings, body, tokenize = 'porter unicode61');
CREATE VIRTUAL TABLE section_words USING fts5 (heading, body, tokenize = 'porter unicode61');
"""
_TABLES = ("documents", "sections", "document_words", "section_words")
_DOCUMENT_WEIGHTS = "4.0, 1.0, 1.5, 1.0"
"""bm25 weights of title, path, headings, body: a name says more than a mention."""
_SECTION_WEIGHTS = "2.0, 1.0"


@dataclass(frozen=True, slots=True)
class Row:
    """A section as stored, with its document; `cut` when the file was longer than may be read."""

    path: str
    title: str
    heading: str
    level: int
    text: str
    first_line: int
    last_line: int
    anchor: str
    cut: bool


_COLUMNS = "d.path, d.title, s.heading, s.level, s.text, s.first_line, s.last_line, s.anchor, d.cut"


class Index:
    """Keeps itself equal to the folders; raises Unavailable when the index file cannot be used."""

    def __init__(self, config: DocsConfig) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None
        self._scanned: float | None = None
        self._unreadable: dict[str, str] = {}

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._db:
                self._db.close()
            self._db, self._scanned = None, None

    def count(self) -> int:
        """How many documents are indexed."""
        return int(self._rows("SELECT count(*) FROM documents")[0][0])

    def gaps(self) -> tuple[tuple[str, str], ...]:
        """Path of every file that is not in the index or not as a whole, and why, in order of path."""
        long = self._rows("SELECT path FROM documents WHERE cut ORDER BY path")
        cut = {str(p): "is longer than may be read, only its beginning is known" for (p,) in long}
        with self._lock:
            return tuple(sorted((cut | self._unreadable).items()))

    def paths(self) -> tuple[tuple[str, str], ...]:
        """Path and title of every document, in order of path."""
        return tuple((str(p), str(t)) for p, t in self._rows("SELECT path, title FROM documents ORDER BY path"))

    def document(self, path: str) -> tuple[Row, ...]:
        """All sections of the document at this path; empty when none is indexed there."""
        query = (
            f"SELECT {_COLUMNS} FROM documents d JOIN sections s ON s.document = d.id WHERE d.path = ? ORDER BY s.id"  # noqa: S608 - our own column names
        )
        return tuple(_row(r) for r in self._rows(query, path))

    def headed(self) -> tuple[tuple[str, str, str], ...]:
        """Path, heading path and anchor of every section."""
        query = (
            "SELECT d.path, s.heading, s.anchor FROM sections s JOIN documents d ON d.id = s.document "
            "ORDER BY d.path, s.id"
        )
        return tuple((str(p), str(h), str(a)) for p, h, a in self._rows(query))

    def search(self, text: str, limit: int, folders: frozenset[str] | None = None) -> tuple[Row, ...]:
        """The best section of each of the best documents: those with every word first, then those with any.

        Only in these `folders`, if given.

        Of documents with the same file name and title (one runbook in two collections) only the best is listed.
        """
        wanted = words.query_words(text)
        if not wanted:
            return ()
        any_word = words.match_any(wanted, words.neighbours(text))
        found = self._best(words.match_all(wanted), limit, folders)
        if len(found) < limit:
            for name, number in self._best(any_word, limit, folders).items():
                found.setdefault(name, number)
        return tuple(row for i in list(found.values())[:limit] if (row := self._section_of(i, any_word)))

    def _best(self, expression: str, limit: int, folders: frozenset[str] | None) -> dict[tuple[str, str], int]:
        """Ids of the best documents by their name, best first."""
        inside = "1" if folders is None else f"substr(d.path, 1, instr(d.path, '/') - 1) IN ({_marks(folders)})"
        query = (
            "SELECT d.id, d.path, d.title FROM document_words w JOIN documents d ON d.id = w.rowid "  # noqa: S608 - our own weights
            f"WHERE document_words MATCH ? AND {inside} "
            f"ORDER BY bm25(document_words, {_DOCUMENT_WEIGHTS}), d.id LIMIT ?"
        )
        found: dict[tuple[str, str], int] = {}
        for number, path, title in self._rows(query, expression, *(folders or ()), limit * 4):
            found.setdefault((words.key(PurePosixPath(path).stem), words.key(title)), int(number))
        return found

    def _section_of(self, document: int, expression: str) -> Row | None:
        query = (
            f"SELECT {_COLUMNS} FROM section_words w JOIN sections s ON s.id = w.rowid "  # noqa: S608 - our own names
            f"JOIN documents d ON d.id = s.document WHERE section_words MATCH ? AND s.document = ? "
            f"ORDER BY bm25(section_words, {_SECTION_WEIGHTS}), s.id LIMIT 1"
        )
        found = self._rows(query, expression, document)
        if not found:  # only its path or title matched
            found = self._rows(
                f"SELECT {_COLUMNS} FROM sections s JOIN documents d ON d.id = s.document "  # noqa: S608 - our own names
                "WHERE d.id = ? ORDER BY s.id LIMIT 1",
                document,
            )
        return _row(found[0]) if found else None

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._lock:
            try:
                db = self._fresh()
                return db.execute(query, values).fetchall()
            except sqlite3.Error as error:
                where = self._config.index or "in memory"
                raise Unavailable(
                    "internal", f"the docs index ({where}) cannot be used ({type(error).__name__}); move the file away"
                ) from None

    def _fresh(self) -> sqlite3.Connection:
        db = self._db or self._open()
        self._db = db
        now = time.monotonic()
        if self._scanned is None or now - self._scanned >= self._config.rescan_after_s:
            self._rescan(db)
            self._scanned = now
        return db

    def _open(self) -> sqlite3.Connection:
        if self._config.index:
            try:
                self._config.index.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise Unavailable("internal", f"the docs index {self._config.index}: {error.strerror}") from None
        db = sqlite3.connect(self._config.index or ":memory:", timeout=5.0, check_same_thread=False)
        ours = db.execute("PRAGMA application_id").fetchone()[0] == _APPLICATION
        if not ours and db.execute("SELECT 1 FROM sqlite_master").fetchone():
            db.close()
            raise Unavailable("internal", f"{self._config.index} is not an index of ours; give docs.index another file")
        if not ours or db.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            drops = "".join(f"DROP TABLE IF EXISTS {table};" for table in _TABLES)
            marks = f"PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {_VERSION};"
            db.executescript(f"BEGIN IMMEDIATE; {drops} {_SCHEMA} {marks} COMMIT;")
        return db

    def _rescan(self, db: sqlite3.Connection) -> None:
        """Take in what is new or changed (by time and size), drop what is gone; all or nothing."""
        known = {p: (i, m, s) for i, p, m, s in db.execute("SELECT id, path, mtime_ns, size FROM documents")}
        self._unreadable = {}
        with db:
            for folder in self._config.folders:
                if scan.problem(folder) and any(p.startswith(f"{folder.name}/") for p in known):
                    known = {p: v for p, v in known.items() if not p.startswith(f"{folder.name}/")}
                    continue  # a mount that is away for a moment does not empty the index
                for state in scan.files(folder, self._config.max_files):
                    before = known.pop(state.path, None)
                    if before is None or before[1:] != (state.mtime_ns, state.size):
                        _drop(db, before[0] if before else None)
                        self._add(db, state)
            for gone, _, _ in known.values():
                _drop(db, gone)

    def _add(self, db: sqlite3.Connection, state: scan.FileState) -> None:
        try:
            text = scan.read(state, self._config.max_file_bytes)
        except scan.Unreadable as failure:
            self._unreadable[state.path] = str(failure)
            return
        parsed = markdown.parse(text)
        cut = int(state.size > self._config.max_file_bytes)
        values = (state.path, parsed.title, state.mtime_ns, state.size, cut)
        number = db.execute(
            "INSERT INTO documents (path, title, mtime_ns, size, cut) VALUES (?, ?, ?, ?, ?)", values
        ).lastrowid
        for s in parsed.sections:
            row = (number, s.heading, s.level, s.text, s.first_line, s.last_line, s.anchor)
            columns = "document, heading, level, text, first_line, last_line, anchor"
            section = db.execute(f"INSERT INTO sections ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", row).lastrowid  # noqa: S608 - our own column names
            searchable = (section, words.split_names(s.path[-1] if s.path else ""), words.split_names(s.text))
            db.execute("INSERT INTO section_words (rowid, heading, body) VALUES (?, ?, ?)", searchable)
        name = words.split_names(f"{PurePosixPath(state.path).stem} {parsed.title}")
        headings = words.split_names("\n".join(s.path[-1] for s in parsed.sections if s.path))
        body = words.split_names("\n".join(s.text for s in parsed.sections))
        entry = (number, name, state.path.replace("/", " "), headings, body)
        db.execute("INSERT INTO document_words (rowid, title, path, headings, body) VALUES (?, ?, ?, ?, ?)", entry)


def _drop(db: sqlite3.Connection, document: int | None) -> None:
    if document is None:
        return
    db.execute("DELETE FROM section_words WHERE rowid IN (SELECT id FROM sections WHERE document = ?)", (document,))
    db.execute("DELETE FROM sections WHERE document = ?", (document,))
    db.execute("DELETE FROM document_words WHERE rowid = ?", (document,))
    db.execute("DELETE FROM documents WHERE id = ?", (document,))


def _marks(values: frozenset[str]) -> str:
    return ",".join("?" * len(values))


def _row(r: Any) -> Row:
    return Row(r[0], r[1], r[2], int(r[3]), r[4], int(r[5]), int(r[6]), r[7], bool(r[8]))
