"""Invented people and companies in three languages, some of them twice in another writing; the same each time."""

import random

ZH_FAMILY, ZH_GIVEN = "王李张刘陈杨赵黄周吴徐孙", "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚桂英华玉兰"
ZH_PLACE = ["上海", "北京", "深圳", "广州", "杭州", "成都"]
ZH_FIRM = ["华强", "东方", "长江", "宏远", "天成", "金龙", "恒通", "瑞丰", "新源", "中联", "德胜", "宝利"]
ZH_TRADE = ["机械", "电子", "化工", "仪器", "自动化", "新材料"]
RU_ROOTS = [
    "Бел",
    "Вор",
    "Гор",
    "Дол",
    "Жук",
    "Зим",
    "Кор",
    "Лос",
    "Мал",
    "Нос",
    "Орл",
    "Пав",
    "Руб",
    "Сид",
    "Тих",
    "Ушак",
    "Фил",
    "Хар",
    "Цар",
    "Шум",
]
RU_FAMILY = [root + end for root in RU_ROOTS for end in ("ов", "ин", "овский", "аев", "енко")]
RU_GIVEN = [
    "Александр",
    "Сергей",
    "Дмитрий",
    "Андрей",
    "Алексей",
    "Максим",
    "Евгений",
    "Михаил",
    "Фёдор",
    "Пётр",
]
RU_FATHER = ["Сергеевич", "Иванович", "Петрович", "Андреевич", "Николаевич", "Дмитриевич"]
RU_FIRM = [
    "Ромашка",
    "Прогресс",
    "Вектор",
    "Сибмаш",
    "Уралсталь",
    "Технодом",
    "Аксиома",
    "Гранит",
    "Полюс",
    "Меридиан",
]
EN_ROOTS = [
    "Ash",
    "Black",
    "Brad",
    "Clif",
    "Dal",
    "Ever",
    "Fair",
    "Gar",
    "Hart",
    "Kings",
    "Lang",
    "Mel",
    "North",
    "Oak",
    "Pem",
    "Ram",
    "Stan",
    "Thorn",
    "Wal",
    "Whit",
]
EN_FAMILY = [root + end for root in EN_ROOTS for end in ("ton", "ford", "ley", "worth", "by")]
EN_GIVEN = [
    "James",
    "Mary",
    "Robert",
    "Patricia",
    "John",
    "Jennifer",
    "Michael",
    "Linda",
    "William",
    "Elizabeth",
    "Katherine",
]
EN_FIRM = [
    "Acme",
    "Globex",
    "Initech",
    "Umbrella",
    "Northwind",
    "Contoso",
    "Vandelay",
    "Stark",
    "Hooli",
    "Fabrikam",
]
EN_TRADE = ["Machines", "Tools", "Foods", "Systems", "Logistics", "Energy"]


def rows(language, count=250, twice=100):
    """[{language, person, name, company, city, email, phone}]; `person` says who is the same."""
    draw = random.Random(language)
    made = [
        MAKE[language](draw, number)
        | {
            "phone": f"+{draw.randrange(10**9, 10**10)}",
            "language": language,
            "person": f"{language}{number}",
        }
        for number in range(count)
    ]
    return made + [again(draw, row) for row in draw.sample(made, twice)]


def again(draw, row):
    """The same person as somebody else wrote them down."""
    changed = dict(row)
    changed["name"] = RENAME[row["language"]](draw, row["name"])
    changed["company"] = REFORM[row["language"]](draw, row["company"])
    for field in draw.sample(["email", "phone", "city"], 2):
        changed[field] = ""
    return changed


def zh(draw, number):
    """A person in China."""
    firm = (
        f"{draw.choice(ZH_PLACE)}{draw.choice(ZH_FIRM)}{draw.choice(ZH_FIRM)}{draw.choice(ZH_TRADE)}有限公司"
    )
    name = draw.choice(ZH_FAMILY) + "".join(draw.sample(ZH_GIVEN, 2))
    return {"name": name, "company": firm, "city": draw.choice(ZH_PLACE), "email": f"u{number}@q.cn"}


def ru(draw, number):
    """A person in Russia."""
    name = f"{draw.choice(RU_FAMILY)} {draw.choice(RU_GIVEN)} {draw.choice(RU_FATHER)}"
    firm = f"ООО «{draw.choice(RU_FIRM)}-{draw.choice(RU_FIRM)}-{draw.choice(RU_ROOTS)}»"
    city = draw.choice(["Москва", "Казань", "Омск", "Тверь", "Пермь"])
    return {"name": name, "company": firm, "city": city, "email": f"m{number}@y.ru"}


def en(draw, number):
    """A person who writes English."""
    name = f"{draw.choice(EN_GIVEN)} {draw.choice(EN_FAMILY)}"
    firm = f"{draw.choice(EN_FIRM)} {draw.choice(EN_ROOTS)} {draw.choice(EN_TRADE)} Inc."
    city = draw.choice(["Leeds", "Austin", "Dublin", "Boston", "Perth"])
    return {"name": name, "company": firm, "city": city, "email": f"e{number}@x.com"}


def typo(draw, name):
    """A letter left out."""
    at = draw.randrange(2, len(name) - 1)
    return name[:at] + name[at + 1 :]


def ru_name(draw, name):
    """Without the father's name, in another order, or with a slip."""
    family, given, _father = name.split()
    return draw.choice([f"{given} {family}", f"{family} {given}", name.replace("ё", "е"), typo(draw, name)])


def en_name(draw, name):
    """Family name first, with a title, in capitals, or with a slip."""
    given, family = name.split()
    return draw.choice([f"{family}, {given}", f"Mr {name}", name.upper(), typo(draw, name)])


MAKE = {"zh": zh, "ru": ru, "en": en}
RENAME = {"zh": lambda draw, name: name, "ru": ru_name, "en": en_name}
REFORM = {
    "zh": lambda draw, firm: draw.choice(
        [firm, firm.replace("有限公司", "股份有限公司"), firm.replace("有限公司", "")]
    ),
    "ru": lambda draw, firm: draw.choice([firm, firm.replace("ООО ", ""), firm.replace("ООО", "АО")]),
    "en": lambda draw, firm: draw.choice([firm, firm.replace("Inc.", "Ltd"), firm.removesuffix(" Inc.")]),
}
