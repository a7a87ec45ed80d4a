"""The cases of the demo city. The problems are real ones of Hangzhou's blocks; all people are invented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Replied:
    """What the department says to an item, with a promise `days` from today where there is one."""

    text: str
    grade: str
    promise: str = ""
    days: int = 0
    kept: bool = False


@dataclass(frozen=True)
class Case:
    """A consultation: from whom, about what, how far it has come, and how long ago it began."""

    title: str
    text: str
    concern: str
    told: str
    venue: str
    method: str
    began: int
    reaches: str
    lead: str = "housing"
    seeds: tuple[str, ...] = ()
    camps: str = ""  # a letter a seed: = all agree, A or B that camp alone, ? nobody is sure
    voters: int = 0
    points: tuple[tuple[str, str, str], ...] = ()
    items: tuple[str, ...] = ()
    replies: tuple[Replied, ...] = ()
    twin: str = ""
    rated: str = ""


CHAPTERS = ("draft", "running", "voting", "met", "issued", "assigned", "answered", "rated")
"""How far a case has come; each chapter stands on those before it."""

LIFT = Case(
    title="樟荫社区老楼加装电梯怎么装、费用怎么分",
    text="樟荫社区 3 幢建于上世纪八十年代，七层，没有电梯。高楼层老人上下楼困难，一楼住户担心采光、噪声和房价。"
    "请大家说说：装不装、装在哪、钱怎么分摊。",
    concern="老楼七层没有电梯，一楼邻居不同意装",
    told="我们 3 幢是八十年代的老楼，七层没有电梯，我妈妈八十二岁，一个月没下过楼。去年邻居商量过加装，"
    "一楼两户担心挡光、吵，没有谈成。希望有人牵头，让大家坐下来把话说开。",
    twin="3 幢能不能装电梯，轮椅下不了楼",
    venue="zhangshuxia",
    method="seven_step",
    began=75,
    reaches="answered",
    seeds=(
        "费用应按楼层高低分摊，一楼不出钱。",
        "一楼采光受影响的，应当得到补偿。",
        "应先看一处已经装好的样板楼，再决定装不装。",
        "维修资金可以拿出一部分用于加装电梯。",
        "只要三分之二业主同意，就应当动工。",
        "电梯应采用平层入户，方便轮椅进出。",
        "施工只能安排在白天，中午要停工。",
        "电梯的维护保养应由专业公司统一负责。",
        "装电梯以前，应把管线迁移方案讲清楚。",
        "租住的人也应当能参加讨论。",
        "一楼住户有一票否决权。",
        "收支明细应当每季度在楼道公示。",
    ),
    camps="=B=AA====?B=",
    voters=148,
    points=(
        ("voice", "resident", "我妈妈一个月没下过楼，装电梯不是为了享受，是为了看病。"),
        ("voice", "stakeholder", "我家在一楼，客厅本来就暗，井道正对着窗，请把采光算清楚。"),
        ("voice", "member", "建议先去看已建成的样板楼，实测噪声和采光，再谈补偿。"),
        ("answer", "officer", "可以安排三处样板楼参观，噪声与采光的实测数据两周内公布。"),
        ("consensus", "member", "先看样板、再定方案；费用按楼层分摊，一楼不出钱；收支公示。"),
        ("dissent", "stakeholder", "补偿标准没有谈拢，一楼两户保留意见。"),
    ),
    items=(
        "组织业主参观已建成的样板楼，公布噪声与采光实测数据。",
        "出具按楼层分摊费用的参考办法，明确一楼住户不分摊。",
        "会同供电单位提出管线迁移方案和时间表。",
        "补贴申请一窗受理，办理进度可查。",
    ),
    replies=(
        Replied("已组织两批共 31 名业主参观三处样板楼，实测数据已在社区公示栏公布。", "A"),
        Replied("参考办法已起草，拟在征求街道意见后印发。", "B", "印发加装电梯费用分摊参考办法", 38),
        Replied("已会同供电公司踏勘，迁移方案已列入计划。", "B", "完成 3 幢强弱电管线迁移", -6),
        Replied("区便民服务中心已设专窗，办理进度可凭受理号查询。", "A"),
    ),
)

CASES = (
    Case(
        title="塘河南区增设电动自行车充电棚",
        text="拆除违章车棚后，电动自行车没有地方停、没有地方充，飞线充电时有发生。",
        concern="楼下飞线充电太危险，请建充电棚",
        told="我们楼下从窗口拉下来的插座有七八个，下雨天看着都怕。旧车棚拆了以后没有地方充电。",
        venue="hongcha",
        method="five_step",
        began=160,
        reaches="rated",
        lead="urban",
        seeds=(
            "充电棚应建在北侧空地，远离楼道。",
            "充电价格应当公开，不高于居民电价的一倍。",
            "棚内应装烟感和自动断电。",
            "夜里十一点以后应停止充电。",
            "占用绿化可以在别处补种。",
            "外来电动车不应进入小区充电。",
            "建设费用应由运营公司承担。",
        ),
        camps="===BA=?",
        voters=63,
        points=(
            ("voice", "resident", "先有地方充，才谈得上不飞线。"),
            ("answer", "officer", "北侧空地可用，三个月内建成。"),
            ("consensus", "member", "建在北侧，价格公示，装自动断电。"),
        ),
        items=("在北侧空地建成带自动断电的充电棚。", "公示充电价格和投诉电话。"),
        replies=(
            Replied("已完成设计，施工队已进场。", "B", "建成北侧充电棚 40 个车位", -45, kept=True),
            Replied("价格与电话已在棚口公示。", "A"),
        ),
        rated="satisfied",
    ),
    Case(
        title="德胜高架桥下运动公园开放时间",
        text="桥下空间改建成运动公园后，早晚使用需求不同，周边住户担心夜间噪声。",
        concern="桥下球场晚上太吵，关灯时间请定下来",
        told="桥下球场很受欢迎，但是晚上十点半还在打球，孩子睡不着。希望和打球的年轻人商量一个时间。",
        venue="hechaguan",
        method="five_people",
        began=130,
        reaches="rated",
        lead="urban",
        seeds=(
            "晚上九点半应当熄灯。",
            "周末可以延长到晚上十点。",
            "靠近住宅的一侧应加装隔音屏。",
            "清晨六点前不应开放。",
            "应由打球的人推选管理员。",
            "广场舞与球场应分时使用。",
        ),
        camps="B==BA=",
        voters=48,
        points=(
            ("voice", "resident", "我们不反对打球，只希望有个准点。"),
            ("consensus", "member", "工作日九点半、周末十点熄灯，加装隔音屏。"),
        ),
        items=("安装定时灯控：工作日 21:30、周末 22:00 熄灯。", "住宅一侧加装隔音屏。"),
        replies=(
            Replied("定时灯控已安装。", "A"),
            Replied("隔音屏已列入维修计划。", "B", "住宅侧隔音屏安装完成", -20, kept=True),
        ),
        rated="mostly",
    ),
    Case(
        title="采荷服装街区快递与送货停车",
        text="市场集中，送货三轮车和快递车占道，行人和消防车通行困难。",
        concern="快递三轮车把消防通道堵了",
        told="早上七点到九点，市场门口全是卸货的三轮车，救护车进不来。请划出卸货位，错开时间。",
        venue="xingfu19",
        method="cppcc_procedure",
        began=110,
        reaches="answered",
        lead="urban",
        seeds=(
            "应划定限时卸货车位。",
            "早高峰禁止三轮车卸货。",
            "市场应建统一的快递收发点。",
            "占用消防通道应当立即拖离。",
            "商户应分摊管理员的费用。",
            "允许夜间卸货可以减轻白天拥堵。",
        ),
        camps="=B=BBA",
        voters=57,
        points=(
            ("voice", "stakeholder", "不让卸货，生意就做不成，希望给个时间段。"),
            ("answer", "officer", "可以先划 24 个限时车位试行。"),
        ),
        items=("划定限时卸货车位并公示时段。", "建设统一的快递收发点。"),
        replies=(
            Replied("24 个限时车位已划线试行。", "A"),
            Replied("选址两处，正在协商租金。", "B", "建成快递统一收发点", -12),
        ),
    ),
    Case(
        title="小古城村老房屋顶漏雨和集中修缮",
        text="村里三十多户老房屋顶漏雨，单户修缮费用高。大家商量能否集中施工、统一验收。",
        concern="屋顶年年漏雨，能不能几户一起修",
        told="我们这一排是九十年代的老房，每年梅雨都漏。单独请人修，一户要两万多，能不能几户一起修、便宜一点？",
        venue="xiaogucheng-camphor",
        method="five_step",
        began=62,
        reaches="assigned",
        lead="housing",
        seeds=(
            "应当几户一起招标，统一施工。",
            "修缮应保留原来的坡屋顶和青瓦。",
            "困难户的费用应由集体补助一半。",
            "各户应当先交三成定金。",
            "验收应请第三方，住户签字才付款。",
            "不愿参加的住户不应被强迫。",
        ),
        camps="==BA==",
        voters=52,
        points=(
            ("voice", "resident", "一户修要两万多，几户一起能省不少。"),
            ("answer", "officer", "可以出一份集中修缮的技术要点，帮助招标。"),
            ("consensus", "member", "自愿参加、统一招标、第三方验收。"),
        ),
        items=("制定农村老房集中修缮技术要点。", "派员指导统一招标和第三方验收。"),
    ),
    Case(
        title="翠苑一区夜间停车和消防通道",
        text="车位不足三百个，登记车辆七百多辆，夜间双排停放，消防通道和盲道被占。",
        concern="晚上回家没车位，盲道上停满了车",
        told="每天晚上八点以后就没有车位，很多车停在盲道和消防通道上。希望商量一个大家都能接受的办法。",
        venue="cuiyuan-station",
        method="seven_step",
        began=30,
        reaches="voting",
        lead="urban",
        seeds=(
            "一户只能登记一辆车在小区内停放。",
            "周边单位的车位夜间应向居民开放。",
            "消防通道停车应当立即拖离。",
            "可以用部分绿地改建车位。",
            "收取停车费应当用于小区公共事务。",
            "访客车辆应限时两小时。",
            "盲道必须全天保持畅通。",
            "应建立体车库。",
        ),
        camps="B==A=?=A",
        voters=41,
    ),
    Case(
        title="万市镇助餐点怎么办、饭菜怎么订",
        text="村里独居老人多，做饭不便。助餐点设在哪里、每餐多少钱、谁来送，请大家一起商量。",
        concern="独居老人吃饭难，助餐点太远",
        told="我们村八十岁以上的老人有四十多位，助餐点在镇上，走过去要半小时。能不能在村里设一个送餐点？",
        venue="wanshi-hall",
        method="five_links",
        began=8,
        reaches="running",
        lead="civil",
    ),
)

CONCERNS = (
    (
        "xiaogucheng-camphor",
        "submitted",
        "茶园步道夜里没有灯",
        "晚饭后散步的人多，最弯的一段没有灯，老人摔过两次。",
        1,
    ),
    (
        "zhangshuxia",
        "submitted",
        "垃圾房早上七点就满了",
        "分类点早上七点就堆满了，中午才有人来收，味道很大。",
        2,
    ),
    (
        "zhangshuxia",
        "submitted",
        "三幢门口的台阶没有扶手",
        "三幢单元门口有五级台阶，没有扶手，下雨天很滑。",
        3,
    ),
    ("qingchun", "submitted", "园区末班公交太早", "加班到九点就没有公交了，地铁站走过去要二十五分钟。", 2),
    ("hongcha", "accepted", "小区门口早餐摊去留", "早餐摊方便大家，也占了人行道，希望商量一个固定位置。", 12),
    (
        "qianchao",
        "accepted",
        "园区食堂对周边居民开放",
        "附近没有菜场，园区食堂中午有空位，能否错峰开放。",
        16,
    ),
    ("eshan-station", "accepted", "民宿集中区污水管网", "民宿越来越多，旺季污水外溢，影响溪水。", 20),
    ("wenchang-hall", "declined", "邻居家的围墙超过了界线", "邻居砌墙占了我家二十公分。", 25),
    ("louyu", "redirected", "写字楼电梯困人", "上周电梯两次停在楼层中间，物业没有回应。", 18),
    ("longmen-hall", "postponed", "古镇民居外立面统一", "有人翻新用了亮色瓷砖，与古镇不协调。", 40),
)
