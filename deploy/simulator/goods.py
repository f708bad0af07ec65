"""What is sold: invented goods without brands. Prices in yuan, lowest and highest of what such a thing costs in a broadcast."""

from typing import NamedTuple

CLOTHES = (("黑色", "米白", "雾霾蓝", "卡其"), ("S", "M", "L", "XL"))
SHOES = (("黑色", "米白", "浅灰"), ("36", "37", "38", "39", "40"))
COLOURS = (("奶白", "豆绿", "浅粉", "深灰"), ("均码",))
PACKS = (("原味", "混合装"), ("1份", "2份", "家庭装"))
ONE = (("标准款",), ("均码",))


class Good(NamedTuple):
    """One kind of goods: its short name, its title, its price range in yuan, and its variants (first × second).

    A `leader` is a cheap thing that brings people in; few of them are there, and they go fast.
    """

    name: str
    title: str
    lowest: float
    highest: float
    variants: tuple[tuple[str, ...], tuple[str, ...]]
    leader: bool = False


WEAR = (
    Good("中筒袜", "精梳棉四季中筒袜 5双装", 9.9, 19.9, COLOURS, leader=True),
    Good("牛仔裤", "高腰显瘦直筒牛仔裤女 春秋款", 79, 139, CLOTHES),
    Good("T恤", "长绒棉重磅纯色短袖T恤", 39, 79, CLOTHES),
    Good("针织开衫", "软糯V领针织开衫 外搭薄款", 89, 159, CLOTHES),
    Good("衬衫", "垂感免烫通勤衬衫 小个子友好", 69, 139, CLOTHES),
    Good("连衣裙", "法式收腰碎花连衣裙 过膝", 99, 199, CLOTHES),
    Good("阔腿裤", "冰丝垂感阔腿裤 高腰九分", 49, 99, CLOTHES),
    Good("防晒衣", "轻薄透气连帽防晒衣 UPF50+", 79, 149, CLOTHES),
    Good("卫衣", "加绒连帽卫衣 宽松落肩", 79, 129, CLOTHES),
    Good("羊毛衫", "圆领打底羊毛衫 不起球", 139, 269, CLOTHES),
    Good("睡衣", "莫代尔家居服套装 带胸垫", 69, 129, CLOTHES),
    Good("鲨鱼裤", "提臀收腹鲨鱼裤 外穿九分", 39, 79, CLOTHES),
    Good("羽绒服", "轻薄短款白鸭绒羽绒服", 269, 459, CLOTHES),
    Good("小白鞋", "软底百搭小白鞋 头层牛皮", 129, 239, SHOES),
    Good("运动鞋", "缓震轻便跑步鞋 网面透气", 119, 219, SHOES),
    Good("拖鞋", "云朵感厚底凉拖 居家防滑", 19.9, 39.9, SHOES),
    Good("乐福鞋", "一脚蹬软皮乐福鞋", 99, 189, SHOES),
)
SKIN = (
    Good("洗脸巾", "一次性洗脸巾 加厚珍珠纹 100抽×3", 9.9, 16.9, ONE, leader=True),
    Good("洁面乳", "氨基酸温和洁面乳 120g", 39, 79, ONE),
    Good("面膜", "玻尿酸补水面膜 30片", 49, 99, ONE),
    Good("防晒霜", "清爽不泛白防晒霜 SPF50+ 60ml", 49, 109, ONE),
    Good("精华", "烟酰胺提亮精华液 30ml", 79, 189, ONE),
    Good("口红", "哑光雾面口红 显白不沾杯", 39, 89, (("豆沙", "烂番茄", "奶茶", "正红"), ("单支",))),
    Good("洗发水", "控油蓬松洗发水 500ml×2", 49, 89, ONE),
    Good("护手霜", "乳木果护手霜 5支礼盒", 29.9, 49.9, ONE),
    Good("身体乳", "烟酰胺身体乳 400ml", 29.9, 59.9, ONE),
)
FOOD = (
    Good("鸡蛋", "散养初产鲜鸡蛋 30枚", 19.9, 29.9, ONE, leader=True),
    Good("牛肉干", "手撕风干牛肉干 500g", 59, 119, PACKS),
    Good("坚果", "每日坚果混合果仁 30包", 59, 99, PACKS),
    Good("脐橙", "现摘脐橙 净重9斤", 29.9, 49.9, ONE),
    Good("车厘子", "进口车厘子 JJ级 5斤", 139, 259, ONE),
    Good("大米", "东北长粒香米 10斤真空装", 39, 69, ONE),
    Good("虾仁", "鲜冻青虾仁 净重4斤", 79, 129, ONE),
    Good("螺蛳粉", "柳州螺蛳粉 6袋装", 39, 59, PACKS),
    Good("冻干咖啡", "冻干黑咖啡 40颗", 49, 89, PACKS),
    Good("茶叶", "明前绿茶 250g 罐装", 79, 169, ONE),
    Good("燕麦片", "无添加蔗糖水果燕麦片 800g", 29.9, 49.9, PACKS),
)
CHILD = (
    Good("湿巾", "婴儿手口湿巾 带盖80抽×5", 12.9, 19.9, ONE, leader=True),
    Good("纸尿裤", "超薄透气纸尿裤 80片", 59, 119, (("NB", "S", "M", "L", "XL"), ("箱装",))),
    Good("爬服", "A类纯棉婴儿爬服 2件装", 49, 89, (("杏色", "浅蓝"), ("66", "73", "80", "90"))),
    Good("绘本", "幼儿认知绘本 全20册", 39, 79, ONE),
    Good("积木", "大颗粒拼装积木 桶装", 49, 99, ONE),
)
HOME = (
    Good("抽纸", "原生木浆加厚抽纸 整箱24包", 19.9, 29.9, ONE, leader=True),
    Good("垃圾袋", "抽绳式加厚垃圾袋 5卷装", 6.9, 12.9, COLOURS, leader=True),
    Good("手机支架", "桌面折叠升降手机支架", 5.9, 12.9, COLOURS, leader=True),
    Good("挂钩", "免打孔强力挂钩 10只装", 4.9, 9.9, ONE, leader=True),
    Good("托特包", "大容量帆布托特包 通勤上课", 39, 89, COLOURS),
    Good("双肩包", "防泼水轻量双肩包 可放15寸电脑", 79, 159, COLOURS),
    Good("保温杯", "316不锈钢保温杯 480ml", 39, 89, COLOURS),
    Good("不粘锅", "麦饭石色不粘炒锅 32cm 少油烟", 99, 199, ONE),
    Good("空气炸锅", "可视空气炸锅 5L 家用", 159, 299, COLOURS),
    Good("破壁机", "轻音破壁豆浆机 1.2L", 199, 359, COLOURS),
    Good("加湿器", "静音大雾量加湿器 4L", 69, 139, COLOURS),
    Good("吹风机", "负离子速干吹风机", 89, 199, COLOURS),
    Good("四件套", "60支长绒棉床上四件套", 199, 399, COLOURS),
    Good("夏凉被", "大豆纤维夏凉被 可机洗", 89, 169, COLOURS),
    Good("乳胶枕", "天然乳胶护颈枕 一对", 99, 199, ONE),
    Good("收纳箱", "可折叠带盖收纳箱 3只装", 29.9, 59.9, COLOURS),
    Good("洗衣凝珠", "三合一留香洗衣凝珠 100颗", 29.9, 49.9, ONE),
    Good("拖把", "免手洗平板拖把 含4块布", 39, 79, ONE),
    Good("数据线", "三合一快充数据线 1.2m 两条装", 15.9, 29.9, COLOURS),
    Good("蓝牙耳机", "半入耳蓝牙耳机 长续航", 69, 159, COLOURS),
    Good("充电宝", "自带线充电宝 20000毫安", 69, 129, COLOURS),
    Good("台灯", "护眼学习台灯 无频闪", 69, 149, ONE),
)

#: By group: viewers ask other things about food than about clothes.
GOODS = {"wear": WEAR, "skin": SKIN, "food": FOOD, "child": CHILD, "home": HOME}
