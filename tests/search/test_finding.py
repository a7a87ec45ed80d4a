"""What is found, by whom, and what is not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from camphor.conversations import actions as conversations
from camphor.conversations.models import Statement
from camphor.matters import actions as matters
from camphor.matters.models import Matter, Reply
from camphor.people.actor import NOBODY, Actor
from camphor.search import finding, models
from camphor.search.finding import find
from camphor.search.indexing import catch_up, rebuild
from camphor.search.models import Document, Progress, Word
from camphor.search.query import parse
from camphor.search.sources import sources
from camphor.search.tokens import in_title, words

from ..conftest import AT, ON, Cast
from ..story import Story


def raised(
    cast: Cast, title: str, text: str = "", *, accept: bool = True, at: datetime = AT, code: str = ""
) -> Matter:
    """A concern in the hall; accepted ones are public."""
    concern = matters.raise_concern(
        title=title,
        text=text,
        body=cast.hall,
        venue=cast.venue,
        code=code or f"CODE{Matter.objects.count():08}",
        by=NOBODY,
        at=at,
    )
    if accept:
        matters.make(concern, "accept", by=cast.mei, at=AT)
    return concern


def found(typed: str, actor: Actor = NOBODY, /, *, newest_first: bool = False, **facets: Any) -> list[str]:
    """What is found, each by its title or else by its text."""
    got = find(parse(typed), facets, actor, on=ON, newest_first=newest_first)
    return [document.title or document.text for document in got.documents]


def test_a_concern_is_found_by_any_word_of_its_title_or_text(cast: Cast) -> None:
    raised(cast, "口袋公园路灯太暗", "晚上散步看不清台阶")
    for typed in ("路灯", "公园", "台阶", "散步 路灯", "口袋公园的路灯"[:4]):
        assert found(typed) == ["口袋公园路灯太暗"], typed
    for typed in ("电梯", "路灯 电梯"):
        assert found(typed) == [], typed


def test_all_words_must_be_met(cast: Cast) -> None:
    raised(cast, "路灯太暗")
    raised(cast, "电梯太慢")
    assert found("太 路灯") == ["路灯太暗"]


def test_one_character_finds_the_words_that_it_is_a_part_of(cast: Cast) -> None:
    raised(cast, "口袋公园路灯太暗")
    raised(cast, "公交站台没有雨棚")
    assert found("灯") == ["口袋公园路灯太暗"]


@pytest.mark.parametrize("rare", ["𬭎", "䶮", "喆", "𠮷"])
def test_rare_characters_are_found(cast: Cast, rare: str) -> None:
    raised(cast, f"{rare}家弄的路面坏了")
    raised(cast, "别处的路面坏了")
    assert found(rare) == [f"{rare}家弄的路面坏了"]


def test_words_in_the_title_come_first_then_the_shorter_text(cast: Cast) -> None:
    raised(cast, "小区环境", "停车的事大家都有意见，另外绿化、垃圾分类、噪声、照明也有意见，请一并考虑。")
    raised(cast, "小区秩序", "停车太乱")
    raised(cast, "停车难", "晚上没有车位")
    assert found("停车") == ["停车难", "小区秩序", "小区环境"]


def test_the_newest_come_first_where_that_is_wanted_also_if_they_were_recorded_earlier(cast: Cast) -> None:
    raised(cast, "停车难", at=AT)
    raised(cast, "停车贵", at=AT - timedelta(days=400))
    raised(cast, "停车停车停车", at=AT - timedelta(days=30))
    assert found("停车", newest_first=True) == ["停车难", "停车停车停车", "停车贵"]


def test_filters_narrow_down_what_is_found(cast: Cast) -> None:
    raised(cast, "停车难", at=AT)
    raised(cast, "停车贵", at=AT - timedelta(days=400))
    assert found("停车", year=2026) == ["停车难"]
    assert found("停车", kind="concern", area="yuhang", year=2025) == ["停车贵"]
    assert set(found("停车", state="concern.accepted", body=cast.hall.pk)) == {"停车难", "停车贵"}
    assert found("停车", kind="promise") == found("停车", area="tonglu") == []
    assert found("", year=2025) == ["停车贵"]


def test_what_a_department_must_answer_is_found_by_the_department(cast: Cast) -> None:
    story = Story(cast)
    plan, _first, _twin = story.consultation()
    story.recommendation(plan)
    assert found("电梯", owed=cast.housing.pk, kind="recommendation") == ["关于加装电梯的建议"]
    assert found("电梯", owed=cast.hall.pk) == []


def test_replies_items_promises_and_statements_are_found(cast: Cast) -> None:
    story = Story(cast)
    plan, _first, _twin = story.consultation()
    story.conversation(plan)
    matter = story.recommendation(plan)
    assert found("样板楼", kind="recommendation") == ["关于加装电梯的建议"]  # by an item
    story.answer(matter, promised_on=date(2026, 12, 1))
    assert found("迁移管线") == ["可以迁移管线"]
    assert found("分摊办法", kind="promise") == ["公布分摊办法"]
    assert found("楼层分摊", kind="statement") == ["电梯费用应按楼层分摊"]
    assert found("余杭 2026 1号", kind="recommendation") == ["关于加装电梯的建议"]  # by its number


def test_a_concern_that_nobody_accepted_is_found_by_its_author_and_its_clerk_only(cast: Cast) -> None:
    raised(cast, "楼上半夜有噪声", accept=False, code=cast.lin_code)
    seen_by = {
        name: bool(found("噪声", getattr(cast, name)))
        for name in ("lin", "wen", "mei", "bo", "rui", "yun", "stranger")
    }
    assert seen_by == {**dict.fromkeys(seen_by, False), "lin": True, "mei": True}
    assert found("噪声") == []


def test_what_was_hidden_again_is_gone_at_once(cast: Cast) -> None:
    concern = raised(cast, "楼上半夜有噪声")
    assert found("噪声") == ["楼上半夜有噪声"]
    matters.make(concern, "decline", by=cast.mei, at=AT, reason="not_public", reason_text="个人事务")
    assert found("噪声") == []


def test_a_stale_index_shows_nothing_that_is_hidden(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    concern = raised(cast, "楼上半夜有噪声")
    catch_up()
    matters.make(concern, "decline", by=cast.mei, at=AT, reason="not_public", reason_text="个人事务")
    monkeypatch.setattr(finding, "catch_up", lambda: 0)
    assert found("噪声") == []


def test_what_is_implied_by_another_word_is_not_asked_for() -> None:
    assert finding._needed([("人", "老人"), ("电梯",), ("老人",)]) == [("电梯",), ("老人",)]
    assert finding._needed([("人", "老人"), ("老人", "人")]) == [("人", "老人")]


def test_hidden_matters_do_not_make_more_of_what_is_found(cast: Cast) -> None:
    for n in range(4):
        raised(cast, f"第{n}个停车问题", accept=n == 0)
    assert found("停车") == ["第0个停车问题"]
    got = find(parse("停车"), {}, NOBODY, on=ON, most=1)
    assert not got.more and len(got.documents) == 1
    assert find(parse("停车"), {}, cast.mei, on=ON, most=1).more


@pytest.mark.parametrize("rare", [20_000, -1], ids=["at once", "piece by piece"])
def test_the_newest_are_found_however_long_ago_they_were_raised(
    cast: Cast, rare: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "RARE", rare)
    days = [0, 3, 40, 41, 200, 900, 901, 2500, 7000]
    for place, ago in enumerate(days):
        raised(cast, f"第{place}个停车问题", "夜里" * (place % 2), at=AT - timedelta(days=ago))
        raised(cast, f"第{place}个路灯问题", accept=place > 0, at=AT - timedelta(days=ago))
    everything = [f"第{place}个停车问题" for place in range(len(days))]
    assert found("停车", newest_first=True) == everything
    assert found("停车 夜里", newest_first=True) == everything[1::2]
    for most in range(1, len(days)):
        got = find(parse("停车"), {}, NOBODY, on=ON, newest_first=True, most=most)
        assert [one.title for one in got.documents] == everything[:most] and got.more
        got = find(parse("路灯"), {}, NOBODY, on=ON, newest_first=True, most=most)
        assert len(got.documents) == most and got.more is (most < len(days) - 1)


def test_the_documents_are_counted_as_they_come_and_go(cast: Cast) -> None:
    first = raised(cast, "停车难", at=AT - timedelta(days=900))
    raised(cast, "停车贵")
    catch_up()
    progress = Progress.objects.get()
    assert (progress.documents, progress.since) == (2, (AT - timedelta(days=900)).date())
    matters.make(first, "decline", by=cast.mei, at=AT, reason="not_public", reason_text="个人事务")
    raised(cast, "停车太乱")
    catch_up()
    assert Progress.objects.get().documents == Document.objects.count() == 3


def test_names_of_people_are_not_in_the_index(cast: Cast) -> None:
    story = Story(cast)
    plan, _first, _twin = story.consultation()
    story.session(plan)
    story.answer(story.recommendation(plan), promised_on=date(2026, 12, 1))
    catch_up()
    held = " ".join(Document.objects.values_list("words", flat=True))
    assert "云岫" not in held and "柏然" not in held
    assert found("云岫") == found("Bo") == found("lin") == []


def test_an_edited_title_is_found_by_its_new_words_only(cast: Cast) -> None:
    draft = matters.draft_recommendation(
        title="关于路灯的建议", text="", items=["换灯"], body=cast.hall, by=cast.mei, at=AT
    )
    assert found("路灯", cast.mei) == ["关于路灯的建议"]
    matters.make(draft, "edit", by=cast.mei, at=AT, title="关于护栏的建议", text="", items=["装护栏"])
    assert found("路灯", cast.mei) == []
    assert found("护栏", cast.mei) == ["关于护栏的建议"]


def test_the_words_are_counted_as_the_documents_hold_them(cast: Cast) -> None:
    first = raised(cast, "停车难")
    raised(cast, "停车贵")
    catch_up()
    assert Word.objects.get(text="停车").documents == 2
    matters.make(first, "decline", by=cast.mei, at=AT, reason="not_public", reason_text="个人事务")
    catch_up()
    counted = dict(Word.objects.filter(documents__gt=0).values_list("text", "documents"))
    rebuild()
    assert dict(Word.objects.values_list("text", "documents")) == counted
    assert counted["停车"] == Progress.objects.get().documents == 2


def test_an_index_made_anew_is_the_same_as_one_that_followed_the_journal(cast: Cast) -> None:
    story = Story(cast)
    plan, _first, _twin = story.consultation()
    story.conversation(plan)
    story.answer(story.recommendation(plan), promised_on=date(2026, 12, 1))
    while catch_up(3):
        pass
    kept = list(
        Document.objects.order_by("pk").values("pk", "source", "subject_id", "title", "text", "words")
    )
    assert {row["source"] for row in kept} == {"matter", "reply", "statement"}
    Document.objects.filter(source="reply").delete()
    Document.objects.create(id=1, source="matter", subject_id=10**6, day=ON, words="没有这回事")
    rebuild()
    again = Document.objects.order_by("pk").values("pk", "source", "subject_id", "title", "text", "words")
    assert list(again) == kept


def test_an_entry_committed_late_is_indexed_with_the_next_one(cast: Cast) -> None:
    late = raised(cast, "很晚才写完的停车诉求")
    raised(cast, "路灯太暗")
    catch_up()
    Document.objects.filter(subject_id=late.pk).update(entry=0)  # as if its entry had not been seen
    Document.objects.filter(subject_id=late.pk).delete()
    assert found("停车") == []
    raised(cast, "台阶太高")
    assert found("停车") == ["很晚才写完的停车诉求"]


def test_the_index_reads_each_entry_once(cast: Cast) -> None:
    raised(cast, "停车难")
    assert catch_up() > 0
    with CaptureQueriesContext(connection) as asked:
        assert catch_up() == 0
    assert len(asked) == 1


def test_what_is_not_admitted_is_not_found_in_public(cast: Cast) -> None:
    story = Story(cast)
    plan, _first, _twin = story.consultation()
    talk = story.conversation(plan)
    said = Statement.objects.filter(conversation=talk).first()
    assert said
    assert found("楼层") == ["电梯费用应按楼层分摊"]
    conversations.make(said, "reject", by=cast.mei, at=AT, statement_reason="off_topic", remark="")
    assert found("楼层") == []
    assert found("楼层", cast.mei) == ["电梯费用应按楼层分摊"]


HOSTILE = [
    '"', "''", "\\", "*", "停车*", "title:停车", "NEAR(停车 难)", "停车 AND 难", "NOT", "OR", "(", ")",
    "^停车", "{停车}", "'; DROP TABLE search_document; --", "停车' | 'x", "a:*&!b", "\x00停车", "%", "_",
    "\u202e停车", "🚗", "·r·public", "<script>alert(1)</script>", "1=1", "停车" * 50, "\\'\\\"", "-停车",
    "+停车", "停车~2", "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
def test_signs_of_query_languages_are_only_signs(cast: Cast, typed: str) -> None:
    raised(cast, "停车难", accept=False)
    assert found(typed) == []


def test_a_sign_does_not_keep_words_from_being_found(cast: Cast) -> None:
    raised(cast, "停车难", "晚上没有车位")
    for typed in ("停车*", "“停车", "(停车)", "^停车", "停车'", "停车；车位！"):
        assert found(typed) == ["停车难"], typed


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=100), who=st.sampled_from(["lin", "mei", "bo", "yun", "stranger"]))
def test_nothing_is_found_that_is_not_visible_whatever_is_typed(cast: Cast, typed: str, who: str) -> None:
    if not Document.objects.exists():
        _everything(cast)
    actor: Actor = getattr(cast, who)
    for query in (typed, f"{typed} 电梯"[-100:]):
        for document in find(parse(query), {}, actor, on=ON).documents:
            assert _may_see(document, actor)


@pytest.mark.parametrize("who", ["lin", "wen", "mei", "bo", "rui", "yun", "stranger", "nobody"])
def test_each_finds_all_that_he_may_see_and_nothing_else(cast: Cast, who: str) -> None:
    """The readers named in the index agree with visible_to, for each source and each of the cast."""
    _everything(cast)
    actor: Actor = getattr(cast, who, NOBODY)
    got = find(parse(""), {}, actor, on=ON).documents
    seen = {
        (source.name, key)
        for source in sources()
        for key in source.visible(actor, ON).values_list("pk", flat=True)
    }
    assert {(document.source, document.subject_id) for document in got} == seen
    for word in ("电梯", "费用", "办法", "噪声"):
        holding = {
            (row.source, row.subject_id)
            for row in Document.objects.all()
            if word in words(f"{row.title}\n{row.text}")
        }
        got = find(parse(word), {}, actor, on=ON).documents
        assert {(document.source, document.subject_id) for document in got} == seen & holding


def _everything(cast: Cast) -> None:
    story = Story(cast)
    plan, _first, _twin = story.consultation()
    talk = story.conversation(plan)
    story.answer(story.recommendation(plan), promised_on=date(2026, 12, 1))
    raised(cast, "楼上半夜有噪声", accept=False, code="NNNNNNNNNNNN")
    matters.draft_recommendation(
        title="关于噪声的建议", text="", items=["限时"], body=cast.district, by=cast.mei, at=AT, within=True
    )
    said = Statement.objects.filter(conversation=talk).latest("pk")
    conversations.make(said, "reject", by=cast.mei, at=AT, statement_reason="off_topic", remark="")
    catch_up()


def _may_see(document: Document, actor: Actor) -> bool:
    source = next(one for one in sources() if one.name == document.source)
    return source.visible(actor, ON).filter(pk=document.subject_id).exists()


def test_a_title_mark_is_held_once_for_each_word(cast: Cast) -> None:
    raised(cast, "停车停车停车")
    catch_up()
    held = Document.objects.get().words.split(" ")
    assert held.count("停车") == 3 and held.count(in_title("停车")) == 1


def test_a_reply_is_as_old_as_it_is_and_not_as_old_as_its_matter(cast: Cast) -> None:
    story = Story(cast)
    plan, _first, _twin = story.consultation()
    matter = story.recommendation(plan)
    story.later(200)
    story.answer(matter, promised_on=date(2027, 12, 1))
    reply = Reply.objects.get(text="可以迁移管线")
    catch_up()
    assert Document.objects.get(source="reply", subject_id=reply.pk).day == story.at.astimezone(UTC).date()
