"""What score rules and the agreement's required fields may ask about a lead, and how SQL reads it.

Every expression is text, empty or null where nothing is known, over a row of `FROM`; a custom attribute is
`attributes.<key>`. Values are never written into SQL: `Bound` names them.
"""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ATTRIBUTE = "attributes."
# Ways to write nothing: the import's, and those that only mean nothing when a whole column is looked at.
NOTHING = frozenset(
    {"-", "–", "—", "n/a", "#n/a", "na", "nan", "null", "none", "nil", "\\n", "无", "нет данных",
     "?", "??", "--", "---", ".", "unknown", "unspecified", "not available", "not specified", "not set", "(not set)",
     "undefined", "missing", "tbd", "n.a.", "неизвестно", "не указано", "未知", "不详", "nat", "<na>"}
)  # fmt: skip
FROM = """
leads_lead l
LEFT JOIN pipeline_contact c ON c.id = l.contact_id
LEFT JOIN pipeline_company co ON co.id = c.company_id
"""


class Field(NamedTuple):
    """A question about a lead: its label, its text in SQL, and its number where it is stored as one."""

    label: str | Promise
    sql: str
    number: str = ""


class Bound:
    """Collects the values of a statement: `bind(value)` answers the placeholder to write."""

    def __init__(self, prefix="p"):
        self.prefix, self.params = prefix, {}

    def __call__(self, value):
        name = f"{self.prefix}{len(self.params)}"
        self.params[name] = value
        return f"%({name})s"


def _identity(*kinds):
    """The first address of these kinds, as text."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return f"(SELECT min(i.value) FROM pipeline_identity i WHERE i.contact_id = l.contact_id AND i.kind IN ({listed}))"


def _code(table, key):
    return f"(SELECT code FROM {table} WHERE {table}.id = {key})"


FIELDS = {
    "company": Field(_("Company"), "co.name"),
    "company.domain": Field(_("Company's web domain"), "co.domain"),
    "company.employees": Field(_("Company's employees"), "co.employees::text", "co.employees"),
    "company.industry": Field(_("Company's industry"), "co.industry"),
    "company.country": Field(_("Company's country"), "co.country"),
    "contact.full_name": Field(_("Full name"), "c.full_name"),
    "contact.job_title": Field(_("Job title"), "c.job_title"),
    "contact.country": Field(_("Country"), "c.country"),
    "contact.city": Field(_("City"), "c.city"),
    "contact.language": Field(_("Language"), "c.language"),
    "contact.email": Field(_("E-mail"), _identity("email", "role_email")),
    "contact.phone": Field(_("Phone"), _identity("mobile", "phone")),
    "contact.wechat": Field(_("WeChat"), _identity("wechat")),
    "segment": Field(_("Segment"), _code("accounts_segment", "coalesce(l.segment_id, co.segment_id)")),
    "region": Field(
        _("Region"), _code("accounts_region", "coalesce(l.region_id, c.region_id, co.region_id)")
    ),
    "product": Field(_("Product"), _code("pipeline_product", "l.product_id")),
    "campaign": Field(_("Campaign"), _code("pipeline_campaign", "l.campaign_id")),
    "channel": Field(_("Channel"), "nullif(l.channel, 'unknown')"),
    "source": Field(_("Source as in the file"), "l.source_text"),
}


def exists(name):
    """Whether `name` may be asked for."""
    return name in FIELDS or (name.startswith(ATTRIBUTE) and len(name) > len(ATTRIBUTE))


def label(name):
    """The name as people read it; an attribute is called by its key. Raises KeyError for an unknown field."""
    return name[len(ATTRIBUTE) :] if name.startswith(ATTRIBUTE) else FIELDS[name].label


def text_of(name, bind):
    """SQL of the field's text; `bind` is a Bound. Raises KeyError for an unknown field."""
    if name.startswith(ATTRIBUTE):
        return f"(l.attributes ->> {bind(name[len(ATTRIBUTE) :])})"
    return FIELDS[name].sql


def values_of(name, bind):
    """(SQL that an attribute is a list, a row `one (text)` for each of its values); None for a field, which has one value."""
    if not name.startswith(ATTRIBUTE):
        return None
    listed = f"(l.attributes -> {bind(name[len(ATTRIBUTE) :])})"
    return f"jsonb_typeof({listed}) = 'array'", f"jsonb_array_elements_text({listed}) AS one (text)"


def number_of(name):
    """SQL of the field's number, empty where only its text is known. Raises KeyError for an unknown field."""
    return "" if name.startswith(ATTRIBUTE) else FIELDS[name].number


def known(name, bind):
    """SQL of the condition that something is known."""
    return f"coalesce({text_of(name, bind)}, '') <> ''"
