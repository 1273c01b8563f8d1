"""Learning from verdicts: off until there are enough, never hiding, and telling why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from store.articles import list_articles, save_article
from store.filters import INBOX
from store.preference import ENOUGH, Decision, features_of, learn
from store.ranking import Record, ranked_inbox, relevance_report
from store.records import Reason, Tag
from store.reviews import decide, undo
from tests.test_store_samples import MINUTE, NOW, URL, numbered, sample_store

LIKED = Decision(frozenset({"word tersangka", "outlet kabar"}), True)
DISLIKED = Decision(frozenset({"word senam", "outlet kabar"}), False)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        yield db


def fill(db: Database, count: int, decided: int) -> None:
    """Articles on arrests (liked) and on gymnastics (not), the first of them decided."""
    for n in range(count):
        liked = n % 2 == 0
        topic = "KPK tahan tersangka suap" if liked else "KPK ikut senam bersama"
        article = numbered(
            n,
            text=f"{topic} di kota nomor {n}.",
            reasons=(Reason("kpk:acting" if liked else "kpk", topic, 0, 0, 3),),
            tags=(Tag("event", "tahan" if liked else "senam", "Tahan" if liked else "Senam", ""),),
        )
        saved = save_article(db, "kabar", f"{URL}-{n}", article, NOW + n * MINUTE)
        if n < decided:
            verdict = "relevant" if liked else "irrelevant"
            decide(db, saved.article_id, verdict, "Rina", None, NOW)


def test_nothing_is_ranked_before_fifty_decisions(db: Database) -> None:
    fill(db, 60, ENOUGH - 1)
    ranked, decisions = ranked_inbox(db)
    assert decisions == ENOUGH - 1
    assert [one.stored for one in ranked] == list_articles(db, INBOX)
    assert not any(one.moved for one in ranked)


def test_fifty_decisions_bring_what_is_liked_to_the_top(db: Database) -> None:
    fill(db, 70, ENOUGH)
    ranked, _ = ranked_inbox(db)
    assert ["senam" in one.stored.article.text for one in ranked] == [False] * 10 + [True] * 10
    assert ranked[0].score > 0 > ranked[-1].score


def test_ranking_hides_nothing(db: Database) -> None:
    fill(db, 70, ENOUGH)
    ranked, _ = ranked_inbox(db, replace(INBOX, limit=None))
    assert {one.stored.id for one in ranked} == {stored.id for stored in list_articles(db, INBOX)}


def test_each_article_tells_what_moved_it(db: Database) -> None:
    fill(db, 60, ENOUGH)
    ranked, _ = ranked_inbox(db)
    moved = {feature.feature: feature.weight for feature in ranked[0].moved}
    assert moved["rule kpk:acting"] > 1
    assert "event Tahan" in moved or "word tersangka" in moved


def test_a_decision_taken_back_teaches_nothing(db: Database) -> None:
    fill(db, 60, ENOUGH)
    undo(db, "Rina", NOW)
    assert ranked_inbox(db)[1] == ENOUGH - 1


def test_nothing_is_learned_when_all_are_decided_alike() -> None:
    assert learn([LIKED] * 200) is None
    assert learn([LIKED] * 196 + [DISLIKED] * 4) is None
    assert learn([LIKED] * 50 + [DISLIKED] * 10) is not None


def test_what_all_articles_share_moves_none() -> None:
    preference = learn([LIKED, DISLIKED] * 30)
    assert preference is not None
    assert abs(preference.weights["outlet kabar"]) < 0.01
    assert preference.score(LIKED.features) == -preference.score(DISLIKED.features)


def test_what_was_hardly_ever_met_says_nothing() -> None:
    rare = Decision(LIKED.features | {"word langka"}, True)
    preference = learn([LIKED, DISLIKED] * 30 + [rare] * 2)
    assert preference is not None and "word langka" not in preference.weights


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.builds(Decision, st.frozensets(st.text(max_size=4), max_size=6), st.booleans()),
        max_size=120,
    )
)
def test_any_decisions_teach_finite_weights_or_nothing(decisions: list[Decision]) -> None:
    preference = learn(decisions)
    if preference is None:
        return
    assert all(abs(weight) < 10 for weight in preference.weights.values())
    for decision in decisions:
        total = preference.score(decision.features)
        moved = preference.moved(decision.features, most=100)
        assert total == pytest.approx(sum(one.weight for one in moved), abs=0.5)


def test_features_are_words_tags_outlet_and_rules(db: Database) -> None:
    fill(db, 1, 0)
    (stored,) = list_articles(db, INBOX)
    assert features_of(stored) >= {
        "word tersangka",
        "event Tahan",
        "outlet kabar",
        "rule kpk:acting",
    }


def test_the_report_counts_each_rule_by_peoples_verdicts(db: Database) -> None:
    fill(db, 30, 20)
    decide(db, 1, "irrelevant", "Bayu", None, NOW)
    report = relevance_report(db)
    assert (report.relevant, report.irrelevant) == (9, 11)
    assert report.rules == (Record("kpk", 10, 0), Record("kpk:acting", 10, 9))
    assert report.rules[1].precision == 0.9
    assert report.deciding == (Record("kpk", 20, 9),)


def test_the_report_names_what_we_took_for_a_mention(db: Database) -> None:
    reason = Reason("kpk:by-the-way", "KPK memuji", 0, 0, 3)
    article = numbered(1, text="KPK memuji.", relevance="mentions", reasons=(reason,))
    save_article(db, "kabar", URL, article, NOW)
    decide(db, 1, "relevant", "Rina", None, NOW)
    assert relevance_report(db).missed == (Record("kpk", 1, 1),)
