"""The words by which cases are told, read from TOML: offices, courts, other agencies .."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.regions import load_gazetteer
from crawler.term_keys import VocabularyError

SHIPPED = Path(__file__).parent / "vocabulary" / "cases.toml"
# Of the offices a place has one at a time as many as stand first: with the place they say who.
SINGLE = 9
# How the forms of a key are sought in folded text; %s are the forms. The keys of [forms] in the
# file, and with them the patterns of CaseWords.
WHOLE = r"\b(?:%s)\b"
ENDED = r"\b(?:%s)(?:nya)?\b"
SHAPES = {
    "suspect": WHOLE,
    "bribe": WHOLE,
    "arrest": WHOLE,
    "searched": WHOLE,
    "trade": WHOLE,
    "accused": WHOLE,
    "witness": WHOLE,
    "no_act": WHOLE,
    "sphere": WHOLE,
    "other_life": WHOLE,
    "idiom": WHOLE,
    "agency": WHOLE,
    "agency_act": WHOLE,
    "opening": r"\b(?:%s) (?=[a-z])",
    "of_a_place": r"\b(?:%s) $",
    "strictly_a_place": r"\b(?:%s) $",
    "of_an_office": r"\b(?:%s)(?: nonaktif| non aktif| terpilih| \(nonaktif\))? $",
    "acting_for": r"\b(?:%s)\.? $",
    "premises": r"\b(?:%s)(?: ketat| puluhan| ratusan| aparat| petugas| oleh)? (?:{agency})\b",
    "agencys_people": r"\b(?:%s)(?: \(jpu\))?(?: dari| pada)? (?:{agency})\b",
    "speakers": r"\b(?:%s)(?: \w+){0,5},? $",
    "family": r"\b(?:%s)(?:nya)?,? $",
    "speech": r",? (?:juga )?(?:%s)\b",
    "speaks_as": r",? (?:selaku |sebagai )?(?:%s)\b",
    "likewise": r"(?:%s)",
    "code_names": r"\b(?:%s)\w*\b[^.\"“]{0,40}[\"“]([^\"”]{5,30})[\"”]",
}
PHRASES = ("former", "legal", "aftermath")
WORD_LISTS = (
    *"never_names inner_names titles degrees common_names skipped generic stopped".split(),
    *"alone everyday court events".split(),
)
# Tables whose keys a user may add to.
OPEN = ("offices", "offences", "institutions")
TABLES = (*OPEN, "forms", "phrases", "words")


@dataclass(frozen=True, slots=True, eq=False)
class CaseWords:
    """All word lists of cases. office: any office, its groups o0, o1 .. in the order of offices;
    single: those that a place has one of. offences: the bare ones; they tell a case only beside an
    office. regions: the names of all regions, in lower case. The rest are named like their keys
    in cases.toml, which says what each is for."""

    office: re.Pattern[str]
    offices: tuple[str, ...]
    single: frozenset[str]
    offences: Mapping[str, re.Pattern[str]]
    institutions: Mapping[str, re.Pattern[str]]
    former: re.Pattern[str]
    former_forms: tuple[str, ...]
    legal: re.Pattern[str]
    legal_forms: tuple[str, ...]
    aftermath: re.Pattern[str]
    aftermath_forms: tuple[str, ...]
    suspect: re.Pattern[str]
    bribe: re.Pattern[str]
    arrest: re.Pattern[str]
    searched: re.Pattern[str]
    trade: re.Pattern[str]
    accused: re.Pattern[str]
    witness: re.Pattern[str]
    no_act: re.Pattern[str]
    sphere: re.Pattern[str]
    other_life: re.Pattern[str]
    idiom: re.Pattern[str]
    agency: re.Pattern[str]
    agency_act: re.Pattern[str]
    opening: re.Pattern[str]
    of_a_place: re.Pattern[str]
    strictly_a_place: re.Pattern[str]
    of_an_office: re.Pattern[str]
    acting_for: re.Pattern[str]
    premises: re.Pattern[str]
    agencys_people: re.Pattern[str]
    speakers: re.Pattern[str]
    family: re.Pattern[str]
    speech: re.Pattern[str]
    speaks_as: re.Pattern[str]
    likewise: re.Pattern[str]
    code_names: re.Pattern[str]
    never_names: frozenset[str]
    inner_names: frozenset[str]
    titles: frozenset[str]
    degrees: frozenset[str]
    common_names: frozenset[str]
    skipped: frozenset[str]
    generic: frozenset[str]
    stopped: frozenset[str]
    alone: frozenset[str]
    everyday: frozenset[str]
    court: frozenset[str]
    events: frozenset[str]
    regions: frozenset[str]


def load_case_words(path: Path = SHIPPED, overlay: Path | None = None) -> CaseWords:
    """The word lists in the TOML file at path. A user's file of the same tables is laid over it:
    its forms are added, a form with "-" before it is taken away. Raises VocabularyError."""
    lists = _Lists(path, _read(path))
    missing = [f"[{table}] {key}" for table, key in _wanted() if (table, key) not in lists.forms]
    if missing:
        raise VocabularyError(f"{path}: {missing[0]}: is missing; add the list")
    if overlay is not None:
        lists.lay_over(overlay, _read(overlay))
    return lists.compiled()


def _wanted() -> Iterable[tuple[str, str]]:
    yield from (("forms", key) for key in SHAPES)
    yield from (("phrases", key) for key in PHRASES)
    yield from (("words", key) for key in WORD_LISTS)


def _read(file: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise VocabularyError(
            f"{file}: cannot be read ({error.strerror}); check the path"
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise VocabularyError(f"{file}: is not valid TOML ({error}); mend that line") from error


class _Lists:
    """The lists of a file, by table and key; each remembers the file that last wrote to it."""

    def __init__(self, file: Path, data: Mapping[str, Any]) -> None:
        self.files: dict[tuple[str, str], Path] = {}
        self.forms: dict[tuple[str, str], list[str]] = {}
        self._take(file, data)

    def lay_over(self, file: Path, data: Mapping[str, Any]) -> None:
        self._take(file, data)

    def _take(self, file: Path, data: Mapping[str, Any]) -> None:
        for table, keys in data.items():
            if table not in TABLES or not isinstance(keys, dict):
                raise VocabularyError(
                    f"{file}: unknown key {table!r}; the tables are {', '.join(TABLES)}"
                )
            for key, value in keys.items():
                self._add(file, table, key, value)

    def _add(self, file: Path, table: str, key: str, value: object) -> None:
        own = table in OPEN and re.fullmatch(r"[a-z][a-z ]*", key)
        if not own and (table, key) not in _wanted():
            known = ", ".join(name for place, name in _wanted() if place == table)
            raise VocabularyError(
                f"{file}: [{table}] {key}: there is no such list; known are "
                f"{known or 'names of lower-case letters'}"
            )
        self.files[table, key] = file
        held = self.forms.setdefault((table, key), [])
        for form in _forms(file, table, key, value):
            if not form.startswith("-"):
                held.append(form)
            elif form[1:] in held:
                held.remove(form[1:])
            else:
                raise VocabularyError(
                    f"{file}: [{table}] {key}: {form[1:]!r} is not in the list; correct the form"
                )

    def compiled(self) -> CaseWords:
        agency = "|".join(self.forms["forms", "agency"])
        patterns = {
            key: self._pattern("forms", key, shape.replace("{agency}", agency))
            for key, shape in SHAPES.items()
        }
        offices = tuple(key for table, key in self.forms if table == "offices")
        each = [
            f"(?P<o{place}>{self._pattern('offices', name, '%s').pattern})"
            for place, name in enumerate(offices)
        ]
        values: dict[str, Any] = patterns | {
            key: frozenset(self.forms["words", key]) for key in WORD_LISTS
        }
        values |= {key: self._pattern("phrases", key, ENDED) for key in PHRASES}
        values |= {f"{key}_forms": tuple(self.forms["phrases", key]) for key in PHRASES}
        return CaseWords(
            office=re.compile(rf"\b(?:{'|'.join(each)})\b"),
            offices=offices,
            single=frozenset(offices[:SINGLE]),
            offences=self._named("offences"),
            institutions=self._named("institutions"),
            regions=load_gazetteer().names,
            **values,
        )

    def _named(self, table: str) -> Mapping[str, re.Pattern[str]]:
        keys = [key for place, key in self.forms if place == table]
        return {key: self._pattern(table, key, WHOLE) for key in keys}

    def _pattern(self, table: str, key: str, shape: str) -> re.Pattern[str]:
        forms = self.forms[table, key]
        for form in forms or [""]:
            try:
                empty = re.compile(form).match("") is not None
                problem = "matches nothing at all" if empty else None
            except (re.error, OverflowError, RecursionError) as error:
                problem = f"is no regular expression ({error})"
            if problem:
                raise VocabularyError(
                    f"{self.files[table, key]}: [{table}] {key}: {form!r} {problem}; mend it"
                )
        return re.compile(shape.replace("%s", "|".join(forms)))


def _forms(file: Path, table: str, key: str, value: object) -> Iterable[str]:
    """The forms of a list: in [words] an entry may hold several, parted by spaces."""
    if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
        raise VocabularyError(f"{file}: [{table}] {key}: give a list of words, not {value!r}")
    forms = [form for entry in value for form in (entry.split() if table == "words" else [entry])]
    for form in forms:
        if table == "phrases" and not re.fullmatch(r"-?[a-z]+(?: [a-z]+)*", form):
            # The prefilter seeks these as they stand; it cannot read a pattern.
            raise VocabularyError(
                f"{file}: [{table}] {key}: {form!r} must be plain words; write each form out"
            )
        if form != form.lower() and table in ("words", "phrases"):
            raise VocabularyError(f"{file}: [{table}] {key}: write {form!r} in lower case")
    return forms
