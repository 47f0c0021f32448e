"""The units of the invented region 云朔: five cities, 22 counties, the regional departments, institutions and companies.

Pure data: no row is written here.  `SMALL` is the excerpt that the small demo settles.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One unit.  `city` is the code of the city it lies in; a key county is a target of the key task."""

    code: str
    name: str
    kind: str
    city: str = ""
    has_authority: bool = False
    is_key: bool = False

    @property
    def peer_group(self) -> str:
        """With whom its vote is ranked."""
        return {"institution": "university", "mass_org": "department", "city_direct": ""}.get(self.kind, self.kind)


CITIES = {"QL": "青澜市", "LY": "砺原市", "SQ": "朔泉市", "SP": "沙屏市", "YL": "银岭市"}
KEY_COUNTIES = ("QL-YL", "QL-HY", "LY-PL", "SQ-YQ", "SQ-TS", "SP-HP", "YL-XL", "YL-PY")
_COUNTIES = """
QL-LC 澜城区 QL-WH 望河区 QL-JL 金柳区 QL-YL 永澜县 QL-HY 贺原县 QL-LA 灵岸市
LY-LC 砺城区 LY-LB 砺北区 LY-HL 惠砺区 LY-PL 平砺县
SQ-QY 泉源区 SQ-HY 红岘区 SQ-YQ 盐泉县 SQ-TS 同朔县 SQ-QX 青岘市
SP-SC 沙城区 SP-ZP 中屏县 SP-HP 海屏县
YL-YY 原岭区 YL-XL 西岭县 YL-LL 隆岭县 YL-PY 彭岭县
"""
_DEPARTMENTS = """
DWB 党委办公厅 XCB 宣传部 TZB 统战部 ZFW 政法委 BB 编办 JGGW 机关工委 XFJ 信访局 DX 党校 DSY 党史研究室 LGB 老干部局
RDB 人大办公厅 ZXB 政协办公厅 GY 高院 JCY 检察院
ZFB 政府办公厅 FGW 发展改革委 JYT 教育厅 KJT 科技厅 GXT 工信厅 MW 民委 GAT 公安厅 MZT 民政厅 SFT 司法厅 CZT 财政厅
RST 人社厅 ZRT 自然资源厅 HBT 生态环境厅 ZJT 住建厅 JTT 交通厅 SLT 水利厅 NYT 农业农村厅 SWT 商务厅 WLT 文旅厅
WJW 卫健委 TYT 退役军人厅 YJT 应急厅 SJT 审计厅 WSB 外办 GZW 国资委 SCJ 市场监管局 GDJ 广电局 TYJ 体育局 TJJ 统计局
YBJ 医保局 JRJ 地方金融局 XCZX 乡村振兴局 LCJ 林草局 JGJ 机关事务局 ZWJ 政务服务局 YJJ 药监局 LCJ2 粮储局
"""
_MASS = "GH 工会 TW 团委 FL 妇联 KX 科协 WL 文联 SKL 社科联 CL 残联 HSZ 红十字会"
_UNIVERSITIES = "YSDX 云朔大学 SFXY 师范学院 YKDX 医科大学 ZYXY 职业学院"
_INSTITUTIONS = "NKY 农科院 SKY 社科院 RBS 日报社 GBDS 广播电视台"
_COMPANIES = """
NYTZ 能源投资 JSTZ 建设投资 JTTZ 交通投资 SWTZ 水务投资 NK 农垦 GZYY 国有资本运营 LYTZ 旅游投资 DB 担保 KY 矿业 DL 电力
TL 铁路 JCJT 机场 LSCB 粮食储备 GX 供销 SJ 数据 WHCY 文化产业 YY 盐业 LQ 路桥 JX 机械 GJWL 国际物流
"""
_DIRECT = """
组织部 教育局 财政局 民政局 司法局 人社局 住建局 交通局 水务局 农业农村局 文旅局 卫健委
应急局 审计局 市场监管局 统计局 城投集团 公交集团
"""
DIRECT_WITH_AUTHORITY = 12  # of the eighteen units directly under each city
SMALL_CODES = tuple(
    "QL-LC QL-WH LY-PL SQ-YQ CZT SLT YSDX NYTZ QL-HY LY-LC SQ-QY JYT MZT JTT WJW SWT LCJ NKY YKDX SWTZ JCJT".split()  # noqa: SIM905
)
SMALL_CITIES = ("QL", "LY", "SQ")


def _pairs(text: str) -> list[tuple[str, str]]:
    words = text.split()
    return list(zip(words[::2], words[1::2], strict=True))


def _places() -> list[Place]:
    found = [Place(code, name, "prefecture_city", has_authority=True) for code, name in CITIES.items()]
    found += [
        Place(code, name, "county", code[:2], has_authority=True, is_key=code in KEY_COUNTIES)
        for code, name in _pairs(_COUNTIES)
    ]
    found += [Place(code, name, "department") for code, name in _pairs(_DEPARTMENTS)]
    found += [Place(code, name, "mass_org") for code, name in _pairs(_MASS)]
    found += [Place(code, name, "university") for code, name in _pairs(_UNIVERSITIES)]
    found += [Place(code, name, "institution") for code, name in _pairs(_INSTITUTIONS)]
    found += [Place(code, f"{name}集团有限公司", "soe") for code, name in _pairs(_COMPANIES)]
    return found


def direct_units(city: str) -> list[Place]:
    """The units directly under a city, for campaigns over what the city answers for."""
    return [
        Place(f"{city}-Z{number:02d}", f"{CITIES[city]}{name}", "city_direct", city, number <= DIRECT_WITH_AUTHORITY)
        for number, name in enumerate(_DIRECT.split(), 1)
    ]


FULL = tuple(_places())
SMALL = tuple(
    place
    for place in FULL
    if place.code in SMALL_CODES or (place.kind == "prefecture_city" and place.code in SMALL_CITIES)
)
