"""The bulletin in which an opinion report goes out: a red head with its issue, and the report under it."""

from __future__ import annotations

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt

from camphor.matters.models import Matter
from camphor.papers.naming import chinese, day, organ, proposers
from camphor.papers.sheet import BLACK, BODY, CENTRE, SIZE, SMALL, TITLE, Sheet, clean, red_line, run
from camphor.rules.matters import DESTINATIONS
from camphor.trail.history import made_on

NAME = "社情民意信息"
INTERNAL = "内部资料　注意保存"
"""Above all else and at the left, where the standard has such marks: a report is not public (domain 2.3)."""
NAME_SIZE = Pt(48)
"""The name of a bulletin: red, as large as a single line bears, see GB/T 9704-2012, 7.2.4."""
PARTS = (("cause", "原因分析"), ("suggestion", "意见建议"))
"""Domain: situation, causes, suggestions; the situation is the text itself."""


def bulletin(matter: Matter) -> bytes:
    """One signed opinion report, as it is sent."""
    sheet = Sheet(matter.title)
    sheet.line(INTERNAL, font=BLACK)
    name = sheet.line(NAME, font=TITLE, size=NAME_SIZE, align=CENTRE, red=True)
    name.paragraph_format.line_spacing = Pt(64)
    sheet.line(matter.number, align=CENTRE)
    sender = sheet.line(organ(matter.body).name)
    sender.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT)
    run(sender, f"\t{day(made_on(matter, 'sign') or matter.raised_at)}", BODY, SIZE)
    red_line(sender, "bottom", "single", space=4)
    sheet.line()
    sheet.title(matter.title)
    sheet.line()
    sheet.text(matter.text)
    for fact, heading in PARTS:
        if matter.facts.get(fact):
            sheet.line(heading, font=BLACK, indent=True, keep=True)
            sheet.text(str(matter.facts[fact]))
    unit = clean(str(matter.facts.get("reporter_unit", "")))
    sheet.line()
    sheet.line(f"（反映人：{proposers(matter)}{'，' if unit else ''}{unit}）", indent=True)
    sent = [f"{chinese(DESTINATIONS, one.destination)}{one.to_whom}" for one in matter.dispatches.all()]
    if sent:
        foot = sheet.line(f"报送：{'，'.join(dict.fromkeys(sent))}。", size=SMALL, left=1)
        red_line(foot, "top", "single", space=4, colour="000000")
    return sheet.save()
