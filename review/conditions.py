"""An outlet's condition in the reader's language: its state, why, what to do, and what became of
what people asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from review.texts import Texts
from store.condition import Condition
from store.encoding import from_text
from store.jobs import Job

State = Literal[
    "never", "layout", "blocked", "failing", "partly", "quiet", "new", "paused", "well", "off"
]
WORST_FIRST: tuple[State, ...] = (
    "never", "layout", "blocked", "failing", "partly", "quiet", "new", "paused", "well", "off",
)  # fmt: skip
WORKING = frozenset({"well", "partly", "new"})
# The states as the daemon judges them (store/wellness.py), as one word each.
JUDGED: Mapping[str, State] = {
    "never worked": "never",
    "changed layout": "layout",
    "blocked": "blocked",
    "failing": "failing",
    "quiet": "quiet",
    "well": "well",
}
REMEDIES = {
    "never": "never",
    "block_pages": "block_pages",
    "no_text": "pages",
    "no_date": "pages",
    "silence": "quiet",
    "few": "quiet",
    "stale": "stale",
}
ZONE = "Asia/Jakarta"


@dataclass(frozen=True, slots=True)
class Shown:
    """An outlet as the page shows it. foreign: the words are kept in English only."""

    outlet: Condition
    state: State
    why: str
    remedy: str
    host: str
    job: str
    foreign: bool = False


def shown(one: Condition, t: Texts, now: datetime, daemon: bool) -> Shown:
    """The outlet in words; daemon says whether one lives."""
    state = state_of(one)
    why, remedy, foreign = why_of(one, state, t), "", False
    standing = one.standing
    if standing is not None and state == JUDGED[standing.state] and standing.words:
        if "cause" in standing.measured:
            why = cause(t, standing.measured)
            remedy = t(f"health_do_{REMEDIES.get(str(standing.measured['cause']), state)}")
        else:
            why, remedy, foreign = standing.words, standing.remedy, True
    job = job_words(t, one.job, now, daemon) if one.job is not None else ""
    return Shown(one, state, why, remedy, host_words(t, one), job, foreign)


def state_of(one: Condition) -> State:
    """How an outlet does in one word: what a person said, else what the daemon judged, else what
    its latest crawls say: all or some of its sources failing, a week without anything new."""
    if not one.enabled:
        return "off"
    if one.paused is not None:
        return "paused"
    if one.standing is not None:
        judged = JUDGED[one.standing.state]
        return "partly" if judged == "well" and one.sources_failing else judged
    if one.sources and one.sources_failing >= one.sources:
        return "failing"
    if one.last_success_at is None:
        return "never" if one.mishaps else "new"
    if one.sources_failing:
        return "partly"
    return "quiet" if one.new_7d == 0 else "well"


def why_of(one: Condition, state: State, t: Texts) -> str:
    """Why it is in that state, by what is known without the daemon's judgement."""
    if state == "off" and one.switched is not None:
        said = one.switched
        return t("health_why_off_by", by=said.by, when=t.moment(said.at, ZONE))
    if state == "paused" and one.paused is not None:
        until = t.moment(one.paused.at, ZONE)
        return t("health_why_paused", until=until, by=one.paused.by or "–")
    if state == "partly":
        return t("health_why_partly", n=one.sources_failing, of=one.sources)
    return t(f"health_why_{state}")


def cause(t: Texts, measured: Mapping[str, str | int]) -> str:
    """What the daemon measured, in words."""
    figures: dict[str, object] = dict(measured)
    key = f"health_ill_{measured['cause']}"
    if measured["cause"] == "silence" and "usual" in measured:
        key += "_usual"
        figures["usual"] = spell(t, timedelta(minutes=int(measured["usual"])))
    if "minutes" in measured:
        figures["length"] = spell(t, timedelta(minutes=int(measured["minutes"])))
    if "failure" in measured:
        figures["reason"] = reason(t, str(measured["failure"]))
    return t(key, **figures) if key in t.words else ""


def reason(t: Texts, failure: str) -> str:
    """A class of failures in words; the empty class: its sources name nothing."""
    code = failure.removeprefix("http_")
    if code != failure:
        return t("health_failure_http", code=code)
    key = f"health_failure_{failure or 'none'}"
    return t(key) if key in t.words else t("health_failure_other", failure=failure)


def host_words(t: Texts, one: Condition) -> str:
    """Why nothing is fetched from an outlet's host at the moment; empty when it may be."""
    row = one.host
    if row is None:
        return ""
    if "://" in row.host:
        status = row.robots_status
        answer = f"HTTP {status}" if status else t("health_no_answer")
        return t("health_host_robots", answer=answer)
    until = t.moment(row.not_before, ZONE) if row.not_before else "–"
    return t("health_host_paused", until=until, reason=row.not_before_reason or "–")


def job_words(t: Texts, job: Job, now: datetime, daemon: bool) -> str:
    """A job: what was asked, by whom, how long ago, and what became of it."""
    asked = t("job_asked", by=job.asked_by, ago=ago(t, now - job.asked_at))
    if job.result is not None:
        figures: dict[str, object] = dict(job.numbers)
        if "until" in figures:
            figures["until"] = t.moment(from_text(str(figures["until"])), ZONE)
        if "failure" in figures:
            figures["reason"] = reason(t, str(figures["failure"]))
        figures["reason"] = figures.get("reason") or "–"
        became = t(f"job_{job.result}", **figures)
    elif not daemon:
        became = t("job_no_daemon")
    elif job.taken_at is not None:
        became = t("job_taken")
    else:
        became = t("job_open")
    return f"{t(f'job_kind_{job.kind}')}: {asked}. {became}"


def ago(t: Texts, length: timedelta) -> str:
    """A length of time that has gone by, in words."""
    return t("ago", length=spell(t, length))


def spell(t: Texts, length: timedelta) -> str:
    """A length of time as people say it: the larger unit alone."""
    seconds = max(int(length.total_seconds()), 0)
    for unit, size, most in (("seconds", 1, 120), ("minutes", 60, 120), ("hours", 3600, 72)):
        if seconds < most * size:
            return t(f"unit_{unit}", n=seconds // size)
    return t("unit_days", n=seconds // 86400)
