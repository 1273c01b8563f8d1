"""Reads what a whole text is about: whose story it is, and whether it is a trial's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crawler.matches import Hit
from crawler.opinions import Shape
from crawler.terms import HINTS, NAMES, OWN, is_full_name

# A body shorter than this has no room for a topic of its own beside the name.
BODY = 4
# An act of this weight names the KPK as a party to what is told, a lesser one only its people.
PARTNER = 0.75
# The cues of a trial.
COURT = ("korupsi", "legal")
# The cues of what the KPK looks into, its own people and offices apart.
SPHERE = (*COURT, "pemda", "prevention")
OTHER_CRIME = "kejahatan-lain"
# So many paragraphs (or the title) in the words of a programme make it the programme's story.
DETAILS = 3


@dataclass(frozen=True, slots=True)
class Setting:
    """What the whole text says that colours each single name in it."""

    others_story: bool
    false_officers: bool
    supported: bool
    stray: bool
    trial: bool
    programme: bool
    alone: bool
    concerned: bool
    shape: Shape


def setting_of(anchors: Sequence[Hit], hits: Sequence[Hit], shape: Shape, aside: bool) -> Setting:
    """What the text says, by its anchors and by the hits of all terms but bystanders; aside tells
    that its title names the topic only by the way."""
    alone = not any(hit.term.kind in ("other", "foreign") and hit.term.weight for hit in hits)
    early = {
        hit.passage.index
        for hit in hits
        if hit.term.kind == "cue" and hit.term.weight == 1 and hit.term.slug in COURT
    }
    other_crime = any(
        hit.term.slug == OTHER_CRIME and hit.passage.index in (None, shape.lead) for hit in hits
    )
    details = [hit for hit in hits if hit.term.kind == "detail"]
    return Setting(
        others_story=_is_others_story(anchors, hits),
        false_officers=any(
            hit.term.kind == "fake" and hit.passage.index in (None, 0) for hit in hits
        ),
        supported=_is_supported(anchors, hits),
        stray=shape.paragraphs >= BODY and _is_stray(anchors, hits, aside),
        trial=alone and not other_crime and _is_trial(early, shape.lead),
        programme=alone and _is_programmes(details, anchors),
        alone=alone,
        concerned=any(hit.term.slug in SPHERE and hit.term.weight == 1 for hit in hits),
        shape=shape,
    )


def _is_trial(passages: set[int | None], lead: int) -> bool:
    """Whether title, lead or second paragraph tells of a trial."""
    return bool({None, lead, lead + 1} & passages)


def _is_programmes(details: Sequence[Hit], anchors: Sequence[Hit]) -> bool:
    """Whether as many passages, in as many different words, do a programme's paperwork."""
    own = [hit for hit in anchors if hit.term.kind in OWN]
    passages = {hit.passage.index for hit in (*details, *own)}
    return min(len(passages), len({hit.words.lower() for hit in details})) >= DETAILS


def _is_supported(anchors: Sequence[Hit], hits: Sequence[Hit]) -> bool:
    """Whether anything beside the bare name says that it is the KPK."""
    faint = {hit.term.id for hit in hits if hit.term.kind == "cue"}
    return (
        len(faint) > 1
        or any(hit.term.kind == "act" for hit in hits)
        or any(hit.term.kind == "cue" and hit.term.weight == 1 for hit in hits)
        or any(hit.term.kind in OWN or is_full_name(hit.term) for hit in anchors)
        or all(hit.passage.index is None for hit in hits)
    )


def _is_others_story(anchors: Sequence[Hit], hits: Sequence[Hit]) -> bool:
    """Whether another agency acts: it stands in the title or the lead and the KPK does not, or
    the title begins with it and the KPK only follows, doing nothing."""
    others = [hit for hit in hits if hit.term.kind == "other" and hit.term.weight == 1]
    where = {hit.passage.index for hit in others}
    titled = [h for h in anchors if h.term.kind in (*NAMES, *OWN) and h.passage.index is None]
    if titled:
        first = min(hit.start for hit in titled)
        acts = any(hit.term.kind == "act" and hit.passage.index is None for hit in hits)
        return not acts and any(h.passage.index is None and h.start < first for h in others)
    early_act = any(
        hit.term.kind == "act" and hit.term.weight == 1 and hit.passage.index in (0, 1)
        for hit in hits
    )
    return None in where or (0 in where and not early_act)


def _is_stray(anchors: Sequence[Hit], hits: Sequence[Hit], aside: bool) -> bool:
    """Whether a body with room for a topic of its own has another one: the KPK does nothing in
    title and lead, and one paragraph alone speaks of anything that concerns it (the lead, where
    the title says nothing of it; two, where the title names it aside)."""
    named = [hit for hit in anchors if hit.term.kind in (*NAMES, *OWN, *HINTS)]
    titled = any(hit.term.kind in (*NAMES, *OWN) and hit.passage.index is None for hit in named)
    acts = [hit for hit in hits if hit.term.kind == "act"]
    cues = [
        hit
        for hit in hits
        if hit.term.kind == "cue"
        and (hit.term.weight == 1 or (hit.passage.index is None and not titled))
        and not any(_is_within(hit, act) for act in acts)
    ]
    if any(cue.passage.index is None for cue in cues) and not aside:
        return False
    body = {hit.passage.index for hit in (*named, *cues)} - {None}
    if titled and len(body) > 1 + aside:
        return False
    if not titled and body - {0}:
        return False
    enough = PARTNER if titled else 1
    return aside or not any(
        act.term.weight >= enough and act.passage.index in (None, 0) for act in acts
    )


def _is_within(hit: Hit, other: Hit) -> bool:
    return hit.passage is other.passage and other.start <= hit.start and hit.end <= other.end
