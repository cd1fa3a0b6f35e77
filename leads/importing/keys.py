"""What a row without an external id is known by: a name where its kind has one, else what stands in its cells."""

import hashlib
import re

from leads.models.imports import ImportKind
from pipeline.names import company_key

KEYS = "external_id code name"  # what a row may be known by, the strongest first
BY_CONTENT = "row:"  # how a key begins that is made of a row's cells


def _codes_or_names(batch):
    return [code or name or "" for code, name in zip(batch.get("code"), batch.get("name"), strict=True)]


def _units_and_days(batch):
    """A unit has one reading a day; what comes again corrects it."""
    columns = (batch.get("product"), batch.get("serial"), batch.get("day"))
    return ["/".join(one or "" for one in row)[:200] for row in zip(*columns, strict=True)]


NATURAL = {
    ImportKind.COMPANIES: lambda batch: [company_key(name or "") for name in batch.get("name")],
    ImportKind.PRODUCTS: _codes_or_names,
    ImportKind.CAMPAIGNS: _codes_or_names,
    ImportKind.READINGS: _units_and_days,
}


# What a platform reports of a day and corrects later, and what else may be written anew.
REPORTED = {"impressions", "clicks", "reported_leads", "reported_orders", "reported_revenue"}
MEASURED = REPORTED | {"amount", "note"}
# Columns that nobody mapped and that tell rows of one campaign and day apart; names of figures and states do not.
APART = re.compile(
    r"(account|ad|ads?[ _]?sets?|ad[ _]?groups?|creative|keyword|search term|placement|publisher platform|platform|device( type)?|network"
    r"|country|region|city|age|gender|language)([ _]?(name|id|preview))?"
    r"|(аккаунт|группа( объявлений)?|объявление|креатив|ключев(ое слово|ая фраза)|площадка|устройство|тип устройства|страна|регион|город|возраст|пол)"
    r"( id)?|(id|№|номер) (аккаунта|группы( объявлений)?|объявления)"
    r"|(账户|帐户|账号|广告|广告组|推广单元|单元|计划组|创意|关键词|版位|展示位置|设备|平台|国家|国家/地区|地区|地域|城市|年龄|性别)( ?(名称|编号|id))?",
    re.IGNORECASE,
)


def of_a_report(mapping, header):
    """The columns by which a row of a platform's report is known, whose figures come corrected in a later report; [] for other tables."""
    if mapping.kind != ImportKind.SPEND or "external_id" in mapping.targets or not mapping.targets & REPORTED:
        return []
    return [
        name
        for name in header
        if (
            not MEASURED.issuperset(told)
            if (told := mapping.columns.get(name))
            else APART.fullmatch(name.strip())
        )
    ]


def naming(header, known_by):
    """A function from a row's cells to those that name it: of the columns `known_by` where all are there, else every one."""
    if not known_by or set(known_by) - set(header):
        return list
    places = [header.index(name) for name in known_by]
    return lambda cells: [cells[place] for place in places]


def content_key(cells):
    """An external id made of a row's cells."""
    return BY_CONTENT + hashlib.blake2b("\x1f".join(cells).encode(), digest_size=16).hexdigest()
