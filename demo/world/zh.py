"""恒拓工业软件（苏州）：为工厂提供软件，销往华东、华北和华南。"""

from demo.world import Names, Territory, World, words

PEOPLE = Names(
    given=words(
        "伟|wei 芳|fang 娜|na 敏|min 静|jing 丽|li 强|qiang 磊|lei 军|jun 洋|yang 勇|yong 艳|yan 杰|jie 涛|tao 明|ming 超|chao "
        "秀英|xiuying 霞|xia 平|ping 刚|gang 桂兰|guilan 建华|jianhua 志强|zhiqiang 文博|wenbo 子涵|zihan 雨桐|yutong 浩然|haoran "
        "思远|siyuan 晓燕|xiaoyan 海燕|haiyan 国栋|guodong 立新|lixin 佳怡|jiayi 梓轩|zixuan 欣怡|xinyi 俊杰|junjie 一鸣|yiming 婷婷|tingting"
    ),
    family=words(
        "王|wang 李|li 张|zhang 刘|liu 陈|chen 杨|yang 黄|huang 赵|zhao 吴|wu 周|zhou 徐|xu 孙|sun 马|ma 朱|zhu 胡|hu 郭|guo 何|he "
        "高|gao 林|lin 罗|luo 郑|zheng 梁|liang 谢|xie 宋|song 唐|tang 许|xu 邓|deng 冯|feng 韩|han 曹|cao 曾|zeng 彭|peng 萧|xiao "
        "蔡|cai 潘|pan 田|tian 董|dong 袁|yuan 于|yu 余|yu 叶|ye 蒋|jiang 杜|du 苏|su 魏|wei 程|cheng 吕|lv 丁|ding 沈|shen 欧阳|ouyang"
    ),
    family_first=True,
    joint="",
)
HEADS = words(
    "华|hua 鑫|xin 恒|heng 瑞|rui 博|bo 联|lian 精|jing 中|zhong 远|yuan 金|jin 宏|hong 盛|sheng 天|tian 海|hai 东|dong 新|xin "
    "科|ke 永|yong 泰|tai 德|de 嘉|jia 润|run"
)
TAILS = words(
    "腾|teng 达|da 创|chuang 杰|jie 力|li 诚|cheng 锐|rui 通|tong 源|yuan 航|hang 峰|feng 晟|sheng 耀|yao 展|zhan 捷|jie 邦|bang 驰|chi 辉|hui"
)
FIRM = (
    "{city}{head}{tail}{trade}有限公司",
    "{city}{head}{tail}{trade}股份有限公司",
    "{head}{tail}{trade}（{city}）有限公司",
)
TRADES = (
    ("机械制造", ("机械|jixie", "传动设备|chuandong", "数控机床|shukong", "机器人|robot")),
    ("汽车零部件", ("汽车部件|qiche", "铸造|zhuzao", "橡塑|xiangsu")),
    ("食品饮料", ("食品|shipin", "乳业|ruye", "饮料|yinliao")),
    ("化工", ("化工|huagong", "涂料|tuliao", "新材料|cailiao")),
    ("制药", ("制药|zhiyao", "生物科技|shengwu")),
    ("电子", ("电子|dianzi", "传感技术|chuangan", "电路|dianlu")),
    ("金属加工", ("钢业|gangye", "金属制品|jinshu", "锻造|duanzao")),
    ("包装印刷", ("包装|baozhuang", "印务|yinwu")),
    ("能源水务", ("能源|nengyuan", "水务|shuiwu", "泵业|bengye")),
)


def territory(code, name, share, places, mobile, landline):
    """A sales region; all of them keep the same calendar and tongue."""
    return Territory(
        code=code, name=name, zone="Asia/Shanghai", holidays="CN", share=share, places=places, names=(PEOPLE,),
        heads=HEADS, tails=TAILS, firm=FIRM, mobile=mobile, landline=landline, language="zh-hans",
    )  # fmt: skip


def places(cities):
    """Cities of China."""
    return tuple(("中国", city) for city in words(cities))


VOICE = (
    ("roof", "all", "让工厂提前开口说话", ""),
    ("pillar", "all", "设备停机之前先预警", ""),
    ("claim", "all", "提前一周发现九成轴承故障", "十一家客户、2140 个轴承、十二个月的实测"),
    ("claim", "customers", "十个工作日接入第一条产线", "近两年 84 个项目的中位数"),
    ("pillar", "all", "由您自己掌控", ""),
    ("claim", "all", "数据留在您的工厂", "部署在客户自有服务器上;已通过信息安全机构审计"),
    ("claim", "dealers", "服务合同归经销商", "合作协议第四条"),
    ("avoid", "all", "零停机", "减少非计划停机:提前一周发现九成故障"),
    ("avoid", "customers", "全网最低价", "三条以上产线,一年内收回投资"),
    ("claim", "customers", "电费降低百分之十二", "两家客户、一个冬季"),
    ("claim", "customers", "电费降低百分之八", "九家客户、一整年"),
)


WORLD = World(
    language="zh",
    organisation="恒拓工业软件",
    currency="CNY",
    foreign=(("USD", 7.15), ("EUR", 7.8)),
    scale=7.8,
    zone="Asia/Shanghai",
    fiscal_year_start=1,
    territories=(
        territory("east", "华东", 0.46, places("上海 苏州 南京 杭州 宁波 合肥 无锡 常州"), "+86154{n:08d}", "+86215550{n:04d}"),
        territory("north", "华北", 0.31, places("北京 天津 青岛 济南 石家庄 沈阳 大连"), "+86142{n:08d}", "+86105550{n:04d}"),
        territory("south", "华南", 0.23, places("深圳 广州 东莞 佛山 厦门 珠海"), "+86143{n:08d}", "+867555550{n:03d}"),
    ),
    industries=TRADES,
    segments=(("enterprise", "大型工厂"), ("midsize", "中型制造商"), ("small", "小型车间")),
    titles=(
        ("厂长", 5), ("生产总监", 5), ("设备经理", 4), ("自动化工程师", 5), ("信息部经理", 4), ("质量经理", 3),
        ("总经理", 2), ("采购经理", 3), ("能源主管", 1), ("工艺工程师", 3), ("学生", 1),
    ),
    staff={
        "marketer": "林晓燕|lin xiaoyan", "rep": "张志强|zhang zhiqiang", "manager": "王丽|wang li",
        "head.marketing": "陈静|chen jing", "head.sales": "刘建华|liu jianhua", "admin": "周明|zhou ming",
        "finance": "赵敏|zhao min", "marketer2": "徐文博|xu wenbo", "marketer3": "孙佳怡|sun jiayi",
        "rep2": "马国栋|ma guodong", "rep3": "郭婷婷|guo tingting", "rep4": "何一鸣|he yiming",
        "farmer": "宋秀英|song xiuying", "key": "林海燕|lin haiyan", "leaver": "冯超|feng chao",
    },
    teams={"desk": "市场部", "east": "华东销售部", "north": "华北销售部", "south": "华南销售部"},
    products={
        "mes": ("恒拓 MES", "生产"), "scada": ("恒拓 SCADA", "生产"), "predict": ("恒拓预测性维护", "运维"),
        "energy": ("恒拓能源管理", "运维"), "quality": ("恒拓质量管理", "生产"), "edge": ("恒拓边缘网关", "设备"),
        "support": ("一年技术支持", "服务"), "rollout": ("实施人天", "服务"),
    },
    reorganisation=("两个大区由一人统管", "增长越来越靠老客户:少开新户,多维护已有客户。"),
    campaigns={
        "fairs": "行业展会", "always": "常态获客", "accounts": "客户与伙伴", "hannover": "工业自动化展：会说话的产线",
        "sps": "智能制造展：从边缘到云", "search": "搜索广告：MES 与 SCADA", "brandsearch": "搜索广告：品牌词",
        "seo": "自然搜索：OEE、停机、追溯指南", "website": "官网：价格计算器", "feed": "信息流：厂长人群",
        "display": "展示广告：重定向", "content": "白皮书：每月少停机 12 小时", "social": "公众号：中控室的一天",
        "email": "邮件通讯：车间来信", "webinars": "直播课：预测性维护", "roadshow": "五城工厂行", "press": "行业媒体：年度工厂",
        "pr": "工厂数字化现状报告", "swap": "与机器人厂商联合推广", "dealer": "经销商计划", "tender": "公开招标：水务与能源",
        "referral": "老客户推荐", "direct": "直接来访", "mailing": "三千家工厂直邮", "affiliate": "选型平台合作",
        "inbound": "400 热线", "coldcall": "电话拓展：食品饮料", "own": "销售自拓", "other": "播客赞助", "unknown": "来源不明的旧名单",
    },
    vendors={
        "fair": "北辰展览工程", "ads": "点速传媒", "agency": "灯塔广告", "print": "江南印务", "venue": "港湾会务", "tools": "邮工坊",
    },
    voice=VOICE,
    words={
        "agreement": ("一半的 B 级线索在我们打电话之前就冷了。我们答复得更快，市场只移交有热度的线索。",),
        "scorecard": ("标准评分，工厂优先",),
        "registration": ("已现场报价，等待董事会。",),
        "need": ("替换三条产线的表格", "多工厂一张图", "预测轴承故障", "满足审核的追溯", "按订单核算能耗", "接入老控制器", "实时 OEE", "无纸化质检"),
        "when": ("本季度", "半年内", "列入明年预算", "越快越好", "夏季检修之后"),
        "call": (
            "了解了现有系统和决策人。", "想看同行业案例。", "已留言，明天再打。", "要先和信息部沟通。", "询问大致价格。",
            "有兴趣，会发产线布局。", "下周一才回公司。", "下月讨论预算。",
        ),
        "missed": ("无人接听。", "转语音信箱。", "占线。", "在工厂巡检，改天再试。"),
        "meeting": ("向生产和信息部做了演示，接口问得很细。", "参观了试点产线。", "目标研讨，会后提供数据。", "见了厂长，五月上会。"),
        "mail": ("已发报价。", "已发案例和价格区间。", "确认了时间。", "回复了安全方面的问题。"),
        "booth": ("名片。想看两条线的演示。", "名片。夏天前要选供应商。", "扫码，聊了十分钟停机问题。", "名片。预算已批。"),
        "form": ("请发一份报价。", "我们有 14 台设备两班倒，能接入吗？", "下载了指南。", ""),
        "callback": ("请上午回电。", "咨询授权方式。", "想和工程师聊。"),
        "step": ("发修订报价", "电话跟进试点", "准备演示", "跟进采购订单", "索取产线数据", "确认参观时间", "跟进报价"),
        "return": ("让明年再联系。", "已离职。", "邮件退回，电话不对。", "归同事负责。", "只要备件。", "已在和总部谈。"),
        "stay": ("暂不考虑，愿意保持联系。", "项目延期。", "多次联系无回应。"),
        "qualified": ("上个项目认识", "协会活动上聊过", "区域同事要求"),
        "grade": ("战略客户", "规模太小", "认识决策人", "预算已确认"),
        "won": ("试点效果好。", "响应快是关键。", "与控制器最匹配。", ""),
        "lost": ("选了更便宜的产品。", "项目被叫停。", "选了设备商自带的系统。", ""),
        "cold": ("三封邮件没有回应。", "只是看看。", "还早，继续收通讯。"),
        "spend": ("展台搭建", "媒体投放", "代理费", "印刷与邮寄", "场地与餐饮"),
        "rivals": ("海维科技", "诺科系统", "安特曼"),
        "deal": ("{company}：{product}", "{company}：增购{product}", "{company}：{product}续约"),
        "forecast": ("两个试点在期末前结束。", "最大的商机可能推到下个月。", "采购已答应签约。", "与往年规律一致。"),
        "obstacles": (
            ("price", "比他们现在付的贵三成", "我们的价格已含三年支持：把两边的总额放在一起算。", "价格已含三年支持"),
            ("trust", "没有同等规模的工厂在用", "苏州工厂与他们规模相当，同意接一次电话。", ""),
            ("missing", "连不上他们的老控制器", "今年春天起每台网关都配适配器：给他们看控制器清单。", ""),
            ("terms", "十二周交货对他们太晚", "", ""),
            ("decision", "厂长不让我们接触董事会", "", ""),
        ),
        "stories": (
            (
                "在停机主题的线上研讨会上认识他们的生产负责人，他要了苏州工厂的数据。",
                "厂长拍板，回收期不到一年后财务点头。",
                "带着他们自己的班长参观了样板工厂。",
                "我们最初的交期：采购手里有一家能早一个月开工的对手。",
                "去样板工厂要带上管产线的人，而不只是签字的人。",
            ),
            (
                "经销商得知他们旧合同快到期，介绍过来。",
                "信息部负责人，在书面回答完安全部门的问题之后。",
                "适配旧控制器：什么都不用换。",
                "",
                "第一次谈话就问控制器型号，后面的事由它决定。",
            ),
        ),
        "counsel": (
            "客户问起里昂的案例，有没有可以发给他们的材料？",
            "里昂案例已获准对外：共两页，周二已放进资料库，请发带数据的那份。",
            "已随报价一起发出，对方当天就看了。",
            "他们的生产负责人今年春天在我们的网络研讨会上发过言：先谈停机数据，不要先谈价格。",
        ),
        "service": (
            "在聊天中询问控制器能否配合旧款驱动器；已发送版本对照表。",
            "在聊天中询问到货日期；已告知日期和承运商。",
            "第二台设备大约每班报一次 14 号错误停机，客户希望在审核之前解决。",
            "发票上的工厂名称有误，客户财务无法付款。",
            "当天已寄出更正后的发票，客户财务已确认。",
            "年度检修：更换皮带，升级固件。客户考虑明年春天上第三条产线。",
            "打电话邀请参加开放日；对方说正在与销售洽谈。",
        ),
        "audience": ("接触过我们的中型制造商的厂长和生产负责人。",),
        "offer": ("参观试点产线一天，单条产线固定价启动。",),
        "advice": ("建议提前两周：我负责的工厂多数在那之前定预算。", "项目进行中的客户不要发，改为邀请他们做一次复盘。"),
        "reply": ("采纳：系列活动提前两周开始。",),
        "argument": ("该企业有 80 人，并且主动询价。", "约定的问题都已回答，等级为 B。"),
        "counter": ("今年那边没有人有预算。", "联系人已调岗，事先无从知道。"),
        "market": ("行业协会年度统计，并结合我们对工厂的自行统计",),
    "chiefs": (
        "销售的响应比春天快了；首次联系偏晚让我们丢了一些好线索。", "线索少了，但质量更好。大单仍会拖后一个月。",
        "费用现在能及时入账；希望按细分市场看到产出。", "双方终于在谈同一套数字了。",
    ),
    "rounds": (
        "全年计划：以去年各区域、各细分市场为基础，商机储备充足处略有上调。", "董事会",
        "展会带来的大额询价超出预期，最后一个季度可以上调。", "股东", "明年的计划，以今年收官水平为起点。",
    ),
    "cases": (
        ("我当时立即拨打，但表单里的号码有误，一天后才查到正确号码。", "号码已在约定时限内更正。", "号码更正前无法联系，此次超时予以豁免。"),
        ("客户归属确定之前，我已在展会上与其厂长洽谈。", "自首单起一直由我跟进。", "谁跟进，客户归谁；展会上的交谈不算跟进。"),
        ("前一周他们就向我询过价，事后我才得知已由他人负责。", "往来记录中没有相应的通话或备注。", ""),
    ),
    "ruling": ("按约定，移交时已达到待移交标准，此次退回不计入。",),
        "shift": ("受众疲劳：同样的花费带来的人越来越少。", "越来越多的人想看那里展示的内容。"),
        "audiences": ("正在询问的中型制造商", "再次活跃的客户", "休眠但值得唤醒", "使用减少的客户"),
        "audience for": ("秋季系列活动的对象，也是销售最先联系的人。", "买过我们的产品，最近几个月又有动作。", "匹配度好，只是时机未到：发资讯邮件。", "买的设备用得少了、停了或快到寿命：在合同到期前联系。"),
        "counted in": "小时",
        "growth": ("面向单次采购工厂的维保计划", "中型制造商的第二条产线", "通过经销商覆盖小型车间"),
        "grows": (
            "十家中型客户中有七家一年内再次采购；签了维保计划的几乎全部复购。",
            "只有一条产线的客户带来的毛利是两条产线客户的一半；其中 40 家的第二条产线没有用我们的产品。",
            "开发一家小型车间的费用与中型制造商相当，留存却只有一半；经销商本来就会上门。",
        ),
        "replanned": (
            "主展厅空了出来:展位扩大一倍,位置也更好。",
            "搜索效果超出计划:延续到下个季度。",
        ),
        "grown": ("要联系生产经理而不是采购：维保计划由车间决定。", "在设备交付时一并提出，一个月后就没人听了。"),
        "waves": ("品牌追踪,第一轮", "品牌追踪,第二轮", "品牌追踪,第三轮", "品牌追踪:中型制造商"),
        "searches": ("百度指数",),
        "learned": ("调整见效，只是比预想的晚。",),
        "month_marketing": ("展会线索已处理完，单个 SQL 成本回到从前水平。", "本月靠搜索，展示广告在削减。", "线索少于计划，但接收的更多。"),
        "month_sales": ("两份大合同提前一个月签下；响应时间改善，一个团队落后。", "老客户表现好，新客户较慢。", "五分之四的首次联系在一天之内完成。"),
        "late": ("发票在关账之后才到。",),
        "corrected": ("合同实际签约金额低于入账金额。",),
        "campaign": ("目标：有效交流，而不是名片数量。", "按年度媒介计划执行。", ""),
    },
)  # fmt: skip
