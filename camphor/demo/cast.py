"""The people of the demo city, all of them invented, by the names that tests and docs use as well."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "camphor-demo"  # noqa: S105 - of a demo that is served to this machine only
LIN_CODE = "KXMT27QP4ZHR"
WEN_CODE = "WQ8N5BHT6ZKC"


@dataclass(frozen=True)
class Role:
    """Somebody with an account: in which bodies, and what the reader can try with it."""

    username: str
    name: str
    role: str
    bodies: tuple[str, ...]
    does: str


CAST = (
    Role("mei", "梅清", "clerk", ("yuhang-committee",), "经办人：受理诉求、组织协商、签发建议、核实承诺"),
    Role("bo", "柏然", "officer", ("housing",), "主办单位承办人：逐条答复、作出承诺、报送凭据"),
    Role("rui", "芮安", "officer", ("power",), "会办单位承办人：报送会办意见"),
    Role("yun", "云岫", "member", ("yuhang-committee",), "政协委员：参加协商、确认纪要"),
    Role("qing", "何清", "clerk", (), "其他区县经办人"),
    Role("an", "安然", "member", ("yuhang-committee",), "政协委员：联名署名、报送社情民意信息"),
    Role("hong", "洪波", "member", ("yuhang-committee",), "政协委员：有一件提案等待署名"),
    Role("lu", "陆远", "leader", ("yuhang-committee",), "政协领导：签发、督办、阅看批示"),
    Role(
        "shen", "沈鉴", "auditor", ("yuhang-committee",), "审计员：查看谁办了什么、谁阅看了批示，不看批示内容"
    ),
    Role("chi", "池明", "leader", ("housing",), "主办单位负责人：签发答复"),
    Role("zhong", "钟和", "clerk", ("hangzhou",), "市政协经办人：下达任务、查看完成情况"),
    Role("tian", "田野", "officer", ("urban", "civil"), "其他承办单位承办人"),
)
