"""The report as one HTML page that needs nothing beside itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

from camphor.engine.opinion.labels import SHARED_BY
from camphor.engine.opinion.reading import Conversation
from camphor.engine.opinion.report.markup import Html, join, tag, void
from camphor.engine.opinion.report.pictures import bar, chip, plot
from camphor.engine.opinion.report.words import Words, is_apart
from camphor.engine.opinion.result import Counted, Group, OpinionMap, Rate, Said, Tally

LISTED = 10
"""Statements under a heading; the rest are counted and stand in the table of all."""
LIMITS = 5
"""Sentences on what the map cannot say."""


@dataclass(frozen=True)
class Page:
    """A map of a conversation, told in one language."""

    conversation: Conversation
    drawn: OpinionMap
    words: Words

    def html(self) -> str:
        """The whole page."""
        say, title = self.words, self.conversation.title
        style = files("camphor.engine.opinion.report").joinpath("page.css").read_text("utf-8")
        head = tag(
            "head",
            void("meta", charset="utf-8"),
            void("meta", name="viewport", content="width=device-width, initial-scale=1"),
            void("meta", name="color-scheme", content="light dark"),
            void("meta", name="generator", content="Camphor"),
            tag("title", f"{title} · {say('over')}"),
            tag("style", Html(style)),
        )
        sections = [
            self._short(),
            self._evidence(),
            self._groups(),
            self._picture(),
            self._shared(),
            *((self._dividing(), self._bridging()) if self._tells else ()),
            self._picks(),
            self._statements(),
            self._limits(),
            self._how(),
        ]
        body = tag("body", self._header(), tag("main", *sections), tag("footer", tag("p", say("made"))))
        return f"<!DOCTYPE html>\n{tag('html', head, body, lang=say.tag)}\n"

    # What is said of the whole

    def _header(self) -> Html:
        drawn, say = self.drawn, self.words
        lead = say.lead(drawn)
        title = tag("h1", self.conversation.title)
        return tag("header", tag("p", say("over"), class_="over"), title, tag("p", lead, class_="lead"))

    def _short(self) -> Html:
        drawn, say = self.drawn, self.words
        lines = [tag("li", self.words.how_sure(self.drawn))]
        for key, labels in (("short_shared", drawn.shared), ("short_divides", drawn.dividing)):
            for label in labels[:1]:
                lines.append(tag("li", tag("b", say(key)), say("colon"), self._text(label.statement)))
        return self._section("short", tag("ul", *lines, class_="short"))

    def _evidence(self) -> Html:
        say, chances = self.words, self.drawn.evidence.chances
        if not self.drawn.groups:
            return join()
        rows = [
            tag("tr", tag("th", f"{n}", scope="row"), tag("td", say.share(chance)))
            for n, chance in enumerate(chances, start=1)
        ]
        heads = (say("groups_number"), say("chance"))
        table = self._table(say("chances"), heads, rows, "narrow") if rows else join()
        return self._section("sure", tag("p", self.words.how_sure(self.drawn)), table)

    def _picture(self) -> Html:
        drawn, say = self.drawn, self.words
        if not drawn.groups:
            return join()
        told = "; ".join(f"{self._name(group)}{say('colon')}{say.size(group)}" for group in drawn.groups)
        loose = sum(cell.count for cell in drawn.cells if cell.group < 0)
        legend = [tag("li", chip(group.letter), " ", self._name(group)) for group in drawn.groups]
        rows = [
            tag(
                "tr",
                tag("th", chip(group.letter), " ", self._name(group), scope="row"),
                *(tag("td", cell) for cell in (f"{group.size:,}", f"{group.x:.0f}", f"{group.y:.0f}")),
            )
            for group in drawn.groups
        ]
        if loose:
            legend.append(tag("li", tag("span", class_="key"), " ", say("unplaced")))
            none = (tag("td", cell) for cell in (f"{loose:,}", "–", "–"))
            rows.append(tag("tr", tag("th", say("unplaced"), scope="row"), *none))
        heads = (say("who"), say("people"), say("across"), say("down"))
        table = self._table(say("picture_table"), heads, rows, "narrow")
        says = [say("picture_says")]
        if self._tells:
            says.append(say("picture_share", share=say.share(min(sum(drawn.share), 1.0))))
        figure = tag(
            "figure",
            table,
            plot(drawn, say, say("picture_label", groups=told)),
            tag("ul", *legend, class_="legend"),
            tag("figcaption", " ".join(says)),
        )
        return self._section("picture", figure)

    # What is said of groups and statements

    def _groups(self) -> Html:
        drawn = self.drawn
        if not drawn.groups:
            return join()
        cards = [self._group(place, group) for place, group in enumerate(drawn.groups)]
        return self._section(
            "groups" if is_apart(self.drawn) else "regions", tag("div", *cards, class_="cards")
        )

    def _group(self, place: int, group: Group) -> Html:
        say = self.words
        lines = [self._speaks(place, said) for said in group.speaks]
        told = (
            join(tag("p", say("speaks"), class_="soft"), tag("ol", *lines))
            if lines
            else tag("p", say("speaks_none"), class_="soft")
        )
        small = tag("p", say("small"), class_="warning") if group.small else join()
        name = tag("h3", chip(group.letter), " ", self._name(group))
        return tag("section", name, tag("p", self.words.size(group)), small, told, class_="card")

    def _speaks(self, place: int, said: Said) -> Html:
        tally = self._row(said.statement).groups[place]
        rate = tally.agree if said.agrees else tally.disagree
        share = self.words("agree_with" if said.agrees else "disagree_with", share=self._rate(rate))
        side = "agree" if said.agrees else "disagree"
        return tag(
            "li",
            tag("b", share, class_=side),
            self.words("colon"),
            tag("q", self._text(said.statement)),
            " ",
            tag("span", self._holds(said.sure, said.flips), class_="soft"),
        )

    def _shared(self) -> Html:
        say, shared = self.words, self.drawn.shared
        findings = [
            self._finding(
                label.statement,
                say(
                    "shared_agree" if label.agrees else "shared_disagree",
                    share=say.share(label.percent / 100),
                ),
                self._holds(label.sure, label.flips),
            )
            for label in shared[:LISTED]
        ]
        key = "shared" if is_apart(self.drawn) else "shared_regions"
        says = say("shared_says", least=say.share(SHARED_BY)) if self._tells else say("shared_published")
        return self._findings(key, findings, len(shared), says, say("shared_none"))

    def _dividing(self) -> Html:
        say, groups = self.words, self.drawn.groups
        findings = [
            self._finding(
                label.statement,
                say(
                    "divides_agree" if label.agrees else "divides_disagree",
                    pro=self._name(groups[label.pro]),
                    con=self._name(groups[label.con]),
                    gap=round(100 * label.gap),
                ),
                self._holds(label.sure, label.flips),
            )
            for label in self.drawn.dividing[:LISTED]
        ]
        return self._findings("dividing", findings, len(self.drawn.dividing), "", say("dividing_none"))

    def _bridging(self) -> Html:
        say = self.words
        findings = [
            self._finding(
                bridge.statement,
                say("bridge_agree" if bridge.agrees else "bridge_disagree", least=say.share(bridge.least)),
            )
            for bridge in self.drawn.bridging[:LISTED]
        ]
        count = len(self.drawn.bridging)
        return self._findings("bridging", findings, count, say("bridging_says"), say("bridging_none"))

    def _picks(self) -> Html:
        say = self.words
        if not self.drawn.picks:
            return join()
        lines = [
            tag(
                "li",
                tag("q", self._text(pick.statement)),
                " ",
                tag("span", say("pick", share=say.share(pick.stands_for)), class_="soft"),
            )
            for pick in self.drawn.picks
        ]
        return self._section("picks", tag("p", say("picks_says")), tag("ol", *lines, class_="picks"))

    def _statements(self) -> Html:
        say, counted = self.words, self.drawn.counted
        if not counted:
            return join()
        findings = [self._finding(row.statement) for row in counted]
        summary = tag("summary", say("all_open", n=len(counted)))
        return self._section("all", tag("p", say("bars_key")), tag("details", summary, *findings))

    def _limits(self) -> Html:
        lines = [tag("li", self.words(f"limit_{n}")) for n in range(1, LIMITS + 1)]
        return self._section("limits", tag("ul", *lines, class_="limits"))

    def _how(self) -> Html:
        keys = ("how_rate", *(("how_label",) if self._tells else ()), f"how_{self.drawn.recipe}")
        return self._section("how", *(tag("p", self.words(key)) for key in keys))

    # Parts

    def _findings(self, key: str, findings: Sequence[Html], count: int, says: str, none: str) -> Html:
        parts = [tag("p", says)] if says and findings else []
        parts += findings or [tag("p", none)]
        if count > len(findings):
            parts.append(tag("p", self.words("rest", n=count - len(findings)), class_="soft"))
        return self._section(key, *parts) if self.drawn.groups else join()

    def _finding(self, statement: int, *sentences: str) -> Html:
        """A statement, what is said of it, and the shares of everybody and of each group."""
        say, row = self.words, self._row(statement)
        tallies = [(join(say("everybody")), row.all)]
        tallies += [
            (join(chip(group.letter), " ", self._name(group)), tally)
            for group, tally in zip(self.drawn.groups, row.groups, strict=True)
        ]
        rows = [self._tally(name, tally) for name, tally in tallies]
        heads = (say("who"), say("agree"), say("disagree"), say("seen"), say("bars"))
        told = tag("p", " ".join(sentences)) if sentences else join()
        table = self._table("", heads, rows, "tallies")
        return tag("article", tag("h3", self._text(statement)), told, table, class_="finding")

    def _tally(self, name: Html, tally: Tally) -> Html:
        say = self.words
        cells = (("agree", self._rate(tally.agree)), ("disagree", self._rate(tally.disagree)))
        return tag(
            "tr",
            tag("th", name, scope="row"),
            *(tag("td", cell, class_=key, data_label=say(key)) for key, cell in cells),
            tag("td", f"{tally.seen:,.0f}", data_label=say("seen")),
            tag("td", bar(tally), class_="drawn"),
        )

    def _table(self, caption: str, heads: Sequence[str], rows: Sequence[Html], kind: str) -> Html:
        told = tag("caption", caption) if caption else join()
        head = tag("thead", tag("tr", *(tag("th", one, scope="col") for one in heads)))
        return tag("table", told, head, tag("tbody", *rows), class_=kind)

    def _section(self, key: str, *parts: Html) -> Html:
        return tag(
            "section", tag("h2", self.words(key), id=f"{key}-title"), *parts, aria_labelledby=f"{key}-title"
        )

    # Words for numbers

    @property
    def _tells(self) -> bool:
        """Whether the recipe tells how sure it is, when a label falls, what divides and what bridges."""
        return self.drawn.recipe != "polis"

    @cached_property
    def _rows(self) -> dict[int, Counted]:
        return {row.statement: row for row in self.drawn.counted}

    def _row(self, statement: int) -> Counted:
        return self._rows[statement]

    def _text(self, statement: int) -> str:
        return self.conversation.texts.get(statement) or str(statement)

    def _name(self, group: Group) -> str:
        return self.words.group(self.drawn, group)

    def _rate(self, rate: Rate) -> str:
        return f"{100 * rate.mean:.0f}% ({100 * rate.low:.0f}–{100 * rate.high:.0f}%)"

    def _holds(self, sure: float, flips: int) -> str:
        """How sure a label is and its margin; nothing where the recipe does not tell."""
        say = self.words
        if not self._tells:
            return ""
        return say("holds", sure=say.probability(sure), flips=say.count("vote", flips))
