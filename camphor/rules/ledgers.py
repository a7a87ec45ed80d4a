"""What a ledger of an earlier year tells of a matter, and how offices write it over their columns."""

from __future__ import annotations

from dataclasses import dataclass

from camphor.engine.table import Table
from camphor.engine.table import mark as _


@dataclass(frozen=True)
class Column:
    """Something that a ledger tells, and the heads under which offices write it."""

    name: str
    label: str
    heads: tuple[str, ...]
    kept: bool = False  # in a column of its own, which every page of the matter shows


# fmt: off
COLUMNS = Table(
    Column("number", _("Number"), (
        "案号", "编号", "提案号", "提案编号", "案件编号", "信息编号", "期号", "number"), kept=True),
    Column("title", _("Title"), (
        "案由", "标题", "题目", "提案名称", "提案题目", "提案标题", "提案案由", "名称",
        "信息标题", "title"), kept=True),
    Column("proposers", _("Proposers"), (
        "提案人", "提案者", "第一提案人", "领衔提案人", "领衔人", "提案人姓名", "提案者姓名", "反映人",
        "作者", "姓名", "proposers", "proposer")),
    Column("category", _("Category"), ("类别", "分类", "提案类别", "category")),
    Column("raised_on", _("Raised on"), (
        "提交日期", "提案日期", "起始日期", "收到日期", "提交时间", "立案日期", "报送日期", "日期",
        "raised on", "date"), kept=True),
    Column("lead", _("Leading unit"), (
        "主办单位", "主办", "承办单位", "办理单位", "独办单位", "department", "departments")),
    Column("assisting", _("Assisting units"), ("会办单位", "会办", "协办单位", "协办")),
    Column("grade", _("Result"), ("办理结果", "结果", "办理类别", "答复类别", "grade", "result")),
    Column("answered_on", _("Answered on"), ("答复日期", "答复时间", "办结日期")),
    Column("rating", _("Rating"), ("满意度", "委员评价", "评价", "反馈意见", "rating")),
    Column("text", _("Text"), ("内容", "正文", "提案内容", "情况分析", "主要内容", "text"), kept=True),
    Column("items", _("Suggestions"), ("建议", "建议内容", "意见建议", "办法"), kept=True),
)
# fmt: on
