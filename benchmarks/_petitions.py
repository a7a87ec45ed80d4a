"""Matters as residents and clerks write them, made up by the thousand from phrases; all of them invented."""

from __future__ import annotations

import random
from collections.abc import Sequence


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST = "樟桂荷柳竹梅松枫杏桃兰菊榆槐茶稻麦云月星河溪湖潮石金银玉青翠丹紫白东南西北长永和安福乐清明景晴朝"
SECOND = "荫语塘浦桥湾坝渚苑庭园里庄埠墩岭坞泾港汇堤岸亭台楼阁坊弄街场林田畈村舍居巷井泉洲滩"
KINDS_OF_PLACE = _phrases("""
    社区 小区 新村 路 街 公园 菜场 小学 地铁站 工业园 写字楼 农贸市场
""")
SUBJECTS = _phrases("""
    路灯 电梯 停车位 垃圾房 公交站台 健身器材 下水道 充电桩 人行道 斑马线 绿化带 噪声 油烟 养老食堂
    托育点 图书角 卫生间 消防通道 监控 快递柜 儿童乐园 无障碍坡道 雨棚 物业费 维修基金 水管 外墙
    河道 施工围挡 共享单车 电动自行车 流浪犬 广场舞 夜市 学区 校门口交通 社区医院 药店 体检
    疫苗接种点 非机动车道 信号灯 桥洞 积水 燃气管 供暖 停电 网络 快递车 早餐摊
""")
TROUBLES = _phrases("""
    太暗 坏了很久没人修 不够用 被占用 漏水 太吵 味道很大 没有人管 收费不透明 标识不清 老人用不了
    孩子不安全 高峰时段堵得厉害 经常停用 积灰严重 设计不合理 距离太远 等候时间太长 没有按承诺完成
    维修进度不公开
""")
WHEN = _phrases("""
    晚上十点以后 早晚高峰 下雨天 今年春节以来 去年改造以后 每逢周末 放学时段 夏天 半年多来 这两个月
""")
WHO = _phrases("""
    老人 孩子 上班的人 租户 商户 残疾人 孕妇 骑车的人 附近的居民 来办事的群众 外来务工人员
""")
EFFECTS = _phrases("""
    出行很不方便 有安全隐患 邻里之间有矛盾 影响休息 影响做生意 意见很大 多次反映没有结果 只好绕路走
    摔倒过好几次 担心出事
""")
WISHES = _phrases("""
    希望尽快维修 建议增设一处 请有关部门现场看一看 建议延长开放时间 希望公开收费依据
    建议与业主协商后再定 请明确由谁负责 建议列入明年的民生实事 希望先做一个样板 请给一个明确的时间表
    建议统一规划 希望听取居民意见 建议引入智能管理 请加强日常巡查 建议适当补贴
""")
REPLIES = _phrases("""
    经现场踏勘，情况属实 已列入年度改造计划 已责成物业整改 因管线迁改需要，工期有所延长
    已会同街道研究 目前资金尚未落实 已完成招标，预计年内开工 已安排专人每日巡查
    将在社区公示栏公布进展 暂不具备建设条件
""")


class Petitions:
    """A source of titles and texts; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - nothing here is secret
        self._weights = [1 / (rank + 4) for rank in range(len(SUBJECTS))]

    def title(self) -> str:
        return f"{self._place()}{self._subject()}{self._one(TROUBLES)}"

    def text(self) -> str:
        """Some 130 characters, from 60 to 220."""
        return "".join(self._sentence() for _ in range(self.dice.randint(2, 5)))

    def reply(self) -> str:
        said = "，".join(self.dice.sample(REPLIES, 3))
        return f"关于{self._place()}{self._subject()}的问题，{said}。"

    def statement(self) -> str:
        return f"{self._subject()}{self._one(TROUBLES)}，{self._one(WISHES)}。"

    def _sentence(self) -> str:
        return (
            f"{self._one(WHEN)}，{self._place()}{self.dice.randint(1, 60)}幢旁边的{self._subject()}"
            f"{self._one(TROUBLES)}，{self._one(WHO)}{self._one(EFFECTS)}，{self._one(WISHES)}。"
        )

    def _place(self) -> str:
        return f"{self.dice.choice(FIRST)}{self.dice.choice(SECOND)}{self._one(KINDS_OF_PLACE)}"

    def _subject(self) -> str:
        return self.dice.choices(SUBJECTS, self._weights)[0]

    def _one(self, words: Sequence[str]) -> str:
        return self.dice.choice(words)
