"""The city as data: real divisions, institutions and brands; invented places carry a mark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

REFORMED_ON = date(2021, 4, 9)
"""The day from which the city has these thirteen; seven in the centre were cut anew, so older rows need older areas."""
TERM_SINCE = date(2022, 2, 1)
"""The present term of the committees; the day is a demo value."""
INVENTED = "（虚构）"


@dataclass(frozen=True)
class District:
    """A district or county with its code (GB/T 2260) and its number of towns and streets."""

    code: str
    name: str
    slug: str
    towns: int


@dataclass(frozen=True)
class Place:
    """A town, street, village or community."""

    district: str
    name: str
    slug: str
    tier: str
    part_of: str = ""

    @property
    def invented(self) -> bool:
        return self.name.endswith(INVENTED)


@dataclass(frozen=True)
class Spot:
    """A venue, its platform, its type, and where it stands."""

    name: str
    slug: str
    area: str
    platform: str
    type: str
    invented: bool = False


# fmt: off
DISTRICTS = (
    District("330102", "上城区", "shangcheng", 14), District("330105", "拱墅区", "gongshu", 18),
    District("330106", "西湖区", "xihu", 12), District("330108", "滨江区", "binjiang", 3),
    District("330109", "萧山区", "xiaoshan", 22), District("330110", "余杭区", "yuhang", 12),
    District("330113", "临平区", "linping", 8), District("330114", "钱塘区", "qiantang", 7),
    District("330111", "富阳区", "fuyang", 24), District("330112", "临安区", "linan", 18),
    District("330122", "桐庐县", "tonglu", 14), District("330127", "淳安县", "chunan", 23),
    District("330182", "建德市", "jiande", 16),
)

PLACES = (
    Place("shangcheng", "采荷街道", "caihe", "town"),
    Place("shangcheng", "四季青街道", "sijiqing", "town"),
    Place("shangcheng", "新民村社区（虚构）", "xinmin", "community", "caihe"),
    Place("gongshu", "小河街道", "xiaohe", "town"), Place("gongshu", "文晖街道", "wenhui", "town"),
    Place("gongshu", "塘河社区（虚构）", "tanghe", "community", "xiaohe"),
    Place("xihu", "翠苑街道", "cuiyuan", "town"),
    Place("xihu", "翠苑一区", "cuiyuan-1", "community", "cuiyuan"),
    Place("binjiang", "西兴街道", "xixing", "town"),
    Place("binjiang", "江畔社区（虚构）", "jiangpan", "community", "xixing"),
    Place("xiaoshan", "湘岸街道（虚构）", "xiangan", "town"),
    Place("xiaoshan", "湘岸社区（虚构）", "xiangan-1", "community", "xiangan"),
    Place("yuhang", "余杭街道", "yuhang-street", "town"), Place("yuhang", "径山镇", "jingshan", "town"),
    Place("yuhang", "小古城村", "xiaogucheng", "community", "jingshan"),
    Place("yuhang", "樟荫社区（虚构）", "zhangyin", "community", "yuhang-street"),
    Place("linping", "临丰街道（虚构）", "linfeng", "town"),
    Place("linping", "临丰社区（虚构）", "linfeng-1", "community", "linfeng"),
    Place("qiantang", "潮前街道（虚构）", "chaoqian", "town"),
    Place("qiantang", "潮前社区（虚构）", "chaoqian-1", "community", "chaoqian"),
    Place("fuyang", "万市镇", "wanshi", "town"), Place("fuyang", "龙门镇", "longmen", "town"),
    Place("fuyang", "万市村（虚构）", "wanshi-1", "community", "wanshi"),
    Place("linan", "苕源镇（虚构）", "tiaoyuan", "town"),
    Place("linan", "苕源村（虚构）", "tiaoyuan-1", "community", "tiaoyuan"),
    Place("tonglu", "莪山畲族乡", "eshan", "town"),
    Place("tonglu", "莪山村（虚构）", "eshan-1", "community", "eshan"),
    Place("chunan", "文昌镇", "wenchang", "town"),
    Place("chunan", "文昌村（虚构）", "wenchang-1", "community", "wenchang"),
    Place("jiande", "新安镇（虚构）", "xinan", "town"),
    Place("jiande", "新安村（虚构）", "xinan-1", "community", "xinan"),
)

VENUES = (
    Spot("新时代协商民主实践中心（城市阳台）", "practice-centre", "sijiqing", "with_you", "group"),
    Spot("樟树下议事", "zhangshuxia", "zhangyin", "station", "community", invented=True),
    Spot("樟树下议事·小古城", "xiaogucheng-camphor", "xiaogucheng", "station", "community"),
    Spot("余杭街道民生议事堂", "yuhang-hall", "yuhang-street", "livelihood_hall", "community"),
    Spot("红茶议事会", "hongcha", "tanghe", "station", "community"),
    Spot("民生议事堂·和茶馆", "hechaguan", "wenhui", "livelihood_hall", "community"),
    Spot("幸福19议事空间", "xingfu19", "caihe", "livelihood_hall", "street"),
    Spot("民呼我为·协商驿站", "cuiyuan-station", "cuiyuan-1", "station", "community"),
    Spot("青春议事厅", "qingchun", "jiangpan", "studio", "group"),
    Spot("钱潮议事", "qianchao", "chaoqian-1", "station", "park"),
    Spot("万市好商量", "wanshi-hall", "wanshi", "livelihood_hall", "small_town"),
    Spot("龙门协商议事堂", "longmen-hall", "longmen", "livelihood_hall", "small_town"),
    Spot("莪山协商驿站", "eshan-station", "eshan-1", "station", "group"),
    Spot("文昌镇民生议事堂", "wenchang-hall", "wenchang", "livelihood_hall", "trade"),
    Spot("商圈楼宇协商驿站（虚构）", "louyu", "xinmin", "station", "business", invented=True),
    Spot("湘岸社情民意联系点（虚构）", "xiangan-point", "xiangan-1", "contact_point", "community", invented=True),
)

SECTORS = (
    "中国共产党", "民革", "民盟", "民建", "民进", "农工党", "致公党", "九三学社", "台盟", "无党派人士",
    "共青团和青联", "总工会", "妇联", "工商联", "科协", "台联", "侨联", "文化艺术界", "科学技术界", "社会科学界",
    "经济界", "农业界", "教育界", "体育界", "新闻出版界", "医药卫生界", "对外友好界", "社会福利和社会保障界",
    "环境资源界", "少数民族界", "宗教界", "特邀香港人士", "特邀澳门人士", "特别邀请人士",
)
COMMITTEES = (
    "提案委员会", "经济委员会", "农业和农村委员会", "城建和人口资源环境委员会", "科教卫体委员会",
    "社会法制和民族宗教委员会", "文化文史和学习委员会", "港澳台侨和外事委员会", "委员工作委员会",
)
OFFICES = ("办公厅", "研究室", "机关党委", "文史研究馆", "实践中心专班")
DEPARTMENTS = (
    "市委办公厅", "市委组织部", "市委宣传部", "市委统战部", "市委政法委", "市委编办", "市委社会工作部",
    "市发改委", "市经信局", "市教育局", "市科技局", "市民宗局", "市公安局", "市民政局", "市司法局", "市财政局",
    "市人社局", "市规划和自然资源局", "市生态环境局", "市建委", "市住保房管局", "市园文局", "市城管局",
    "市交通运输局", "市林水局", "市农业农村局", "市商务局", "市文广旅游局", "市卫健委", "市退役军人局",
    "市应急管理局", "市审计局", "市外办", "市国资委", "市市场监管局", "市体育局", "市统计局", "市医保局",
    "市数据资源局", "市信访局", "市投促局", "市机关事务局", "市消防救援支队", "市税务局",
    "西湖风景名胜区管委会",
)
ENTERPRISES = ("供电公司", "地铁集团", "城投集团")
COURTS = ("市中级人民法院", "市人民检察院")
ORGANISATIONS = ("市总工会", "团市委", "市妇联", "市残联")
YUHANG_PARTY = "樟科党派余杭区支部（虚构）"
YUHANG_COMMITTEE = "余杭区政协城建和人口资源环境委员会"
YUHANG_SECTOR = "余杭区政协经济界"
YUHANG_GROUP = "余杭区政协第一委员小组（虚构）"
YUHANG_FEDERATION = "余杭区工商联"
YUHANG_DEPARTMENTS = {
    "housing": "余杭区住房和城乡建设局", "planning": "市规划和自然资源局余杭分局",
    "market": "余杭区市场监督管理局", "civil": "余杭区民政局", "finance": "余杭区财政局",
    "urban": "余杭区综合行政执法局",
}
# fmt: on
