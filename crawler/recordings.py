"""Recordings: what an outlet's server answered on one day, kept as a folder that is also a test."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.outlet_keys import CatalogueError
from crawler.outlets import Outlet, load_outlet

FORMAT = 1
ERRORS = ("timeout", "dns", "reset")


class RecordingError(Exception):
    """A recording cannot be replayed; the message names folder, file, key and remedy."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One answer. error stands instead of a status when the server gave none."""

    url: str
    method: str = "GET"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    file: Path | None = None
    error: str | None = None

    def body(self) -> bytes:
        """The body as decoded bytes; empty when nothing was recorded."""
        return self.file.read_bytes() if self.file else b""


@dataclass(frozen=True, slots=True)
class Recording:
    """One pass over one outlet. expected is the parsed expected.json, empty when there is none."""

    folder: Path
    outlet: Outlet
    recorded_at: datetime
    shipped: bool
    answers: Mapping[tuple[str, str], tuple[Recorded, ...]]
    notes: str = ""
    expected: Mapping[str, Any] = field(default_factory=dict)


def load_recording(folder: Path, catalogue: Mapping[str, Outlet]) -> Recording:
    """The recording in a folder, its outlet from outlet.toml beside it or from the catalogue.

    Raises RecordingError, one line that names the file, the key and the remedy.
    """
    path = folder / "responses.json"
    data = read_json(path)
    if data.get("format") != FORMAT:
        raise RecordingError(f"{path}: format: must be {FORMAT}, not {data.get('format')!r}")
    slug = need(data, "outlet", str, path)
    own = folder / "outlet.toml"
    try:
        # A recording never waits, so the delay of a made-up outlet may be anything.
        outlet = load_outlet(own, slug, mapped=True) if own.exists() else catalogue.get(slug)
    except CatalogueError as error:
        raise RecordingError(str(error)) from error
    if outlet is None:
        raise RecordingError(
            f"{path}: outlet: {slug!r} is not in the catalogue; put its outlet.toml beside it"
        )
    expected = folder / "expected.json"
    return Recording(
        folder=folder,
        outlet=outlet,
        recorded_at=read_moment(data, path),
        shipped=not own.exists(),
        answers=read_answers(need(data, "responses", list, path), folder, path),
        notes=str(data.get("notes", "")),
        expected=read_json(expected) if expected.exists() else {},
    )


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file; RecordingError when it is missing or something else."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise RecordingError(
            f"{path}: missing; a recording is a folder with responses.json in it"
        ) from error
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise RecordingError(f"{path}: not readable as JSON ({error}); correct it") from error
    if not isinstance(data, dict):
        raise RecordingError(f"{path}: must hold one JSON object")
    return data


def need(data: Mapping[str, Any], key: str, kind: type, path: Path) -> Any:
    """The value of a required key, of the kind asked for."""
    if not isinstance(data.get(key), kind):
        raise RecordingError(f"{path}: {key}: missing or not a {kind.__name__}; see docs")
    return data[key]


def read_moment(data: Mapping[str, Any], path: Path) -> datetime:
    """recorded_at as an aware instant: the clock of the replay stands there."""
    text = need(data, "recorded_at", str, path)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise RecordingError(f"{path}: recorded_at: {text!r} is not ISO 8601") from error
    if moment.tzinfo is None:
        raise RecordingError(f"{path}: recorded_at: {text!r} has no zone; add +07:00")
    return moment


def read_answers(
    items: Iterable[Any], folder: Path, path: Path
) -> dict[tuple[str, str], tuple[Recorded, ...]]:
    """Answers by (method, URL), in the order they were recorded."""
    answers: dict[tuple[str, str], tuple[Recorded, ...]] = {}
    for number, item in enumerate(items):
        where = f"{path}: responses[{number}]"
        answer = read_answer(item, folder, where)
        key = (answer.method, answer.url)
        answers[key] = (*answers.get(key, ()), answer)
    return answers


def read_answer(item: Any, folder: Path, where: str) -> Recorded:
    """One entry of responses.json, its file checked to be there and inside the folder."""
    if not isinstance(item, dict) or not isinstance(item.get("url"), str):
        raise RecordingError(f"{where}: url: missing; each response names its url")
    error, name = item.get("error"), item.get("file")
    if error is not None and error not in ERRORS:
        raise RecordingError(f"{where}: error: {error!r} is not one of {', '.join(ERRORS)}")
    file = None
    if name is not None:
        file = folder / str(name)
        if not file.resolve().is_relative_to(folder.resolve()):
            raise RecordingError(f"{where}: file: {name!r} lies outside the recording")
        if not file.is_file():
            raise RecordingError(f"{where}: file: {name!r} is missing beside responses.json")
    status = item.get("status", 200)
    if not isinstance(status, int) or not 100 <= status <= 599:
        raise RecordingError(f"{where}: status: {status!r} is not an HTTP status")
    try:
        headers = tuple((str(name), str(value)) for name, value in item.get("headers", []))
    except (TypeError, ValueError) as wrong:
        raise RecordingError(f"{where}: headers: must be a list of [name, value]") from wrong
    method = str(item.get("method", "GET")).upper()
    return Recorded(item["url"], method, status, headers, file, error)


def find_recordings(folder: Path) -> list[Path]:
    """The recordings at or below a folder, by outlet and date; `_broken` only when named itself."""
    if (folder / "responses.json").exists():
        return [folder]
    found = [path.parent for path in folder.rglob("responses.json")]
    kept = [p for p in found if not any(x.startswith("_") for x in p.relative_to(folder).parts)]
    return sorted(kept)
