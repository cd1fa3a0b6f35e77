"""What a row points at by name: people, campaigns, products, segments, regions, stages, reasons. One query per chunk."""

from django.utils.text import slugify

from accounts.models import Region, Segment, User
from leads.importing.codes import free
from leads.importing.wording import gettext as _
from pipeline.channels import Channel
from pipeline.models import Campaign, DealStage, OutcomeReason, Product


def distinct(values):
    """The different values of a column that are not None, in order of appearance."""
    return [value for value in dict.fromkeys(values) if value is not None]


def settle(work, target, known, describe=None):
    """Replace a column of words by ids as text; rows with a word that is not known are refused."""
    batch = work.batch
    values = batch.columns.get(target)
    if not values:
        return
    lost = [
        batch.problem(number, target, value, describe or _("is not known here"))
        for number, value in zip(batch.numbers, values, strict=True)
        if value is not None and value not in known
    ]
    batch.columns[target] = [known.get(value) for value in values]
    if lost:
        batch.refuse(lost)


# -- people ------------------------------------------------------------------------------------------------
def people(work, target):
    """Replace a column of e-mail addresses or full names by user ids; returns the column of names as in the file.

    Names go through the mapping's table first. Whoever nobody knows stays text, and is counted in `work.unknown`.
    """
    batch = work.batch
    values = batch.columns.get(target)
    if not values:
        return None
    table = {name.casefold(): to for name, to in work.mapping.people.items()}
    wanted = {value: table.get(value.casefold(), value).casefold() for value in distinct(values)}
    known = {}
    for pk, email, name in User.objects.values_list("pk", "email", "full_name").order_by("-is_active", "pk"):
        known.setdefault(email.casefold(), str(pk))
        known.setdefault(name.casefold(), str(pk))
    found = {value: known.get(word) for value, word in wanted.items()}
    batch.columns[target] = [found.get(value) for value in values]
    for value in values:
        if value is not None and found[value] is None:
            work.unknown[value] += 1
    return [value and value[:200] for value in values]


# -- axes, products and the vocabulary of deals ----------------------------------------------------------------
def axis(work, target, model):
    """Segments and regions, by code or name; made where the mapping lets it."""
    wanted = distinct(work.batch.columns.get(target, ()))
    if not wanted:
        return
    known = _by_words(model.objects.values_list("pk", "code", "name"), wanted)
    if target + "s" in work.mapping.create:
        for word in [word for word in wanted if word not in known]:
            code = slugify(word, allow_unicode=False)[:50] or f"{target}-{len(word)}-{work.run.pk}"
            made, _created = model.objects.get_or_create(code=code, defaults={"name": word[:100]})
            known[word] = str(made.pk)
    settle(work, target, known)


def segments_and_regions(work):
    """Both axes."""
    axis(work, "segment", Segment)
    axis(work, "region", Region)


def products(work, target="product"):
    """Products by external id, code or name; made where the mapping lets it."""
    wanted = distinct(work.batch.columns.get(target, ()))
    if not wanted:
        return
    rows = Product.objects.values_list("pk", "code", "name", "external_id")
    known = _by_words(rows, wanted)
    if "products" in work.mapping.create:
        used = set(Product.objects.values_list("code", flat=True))
        for word in [word for word in wanted if word not in known]:
            if same := next((known[one] for one in known if one.casefold() == word.casefold()), None):
                known[word] = same
                continue
            made = Product.objects.create(
                code=free(word, used), name=word[:200], currency=work.currency, source=work.source
            )
            known[word] = str(made.pk)
            used.add(made.code)
    settle(work, target, known)


def deal_stages(work):
    """Stages of deals by code or name (outcomes too: "won" is a stage)."""
    wanted = distinct(work.batch.columns.get("stage", ()))
    settle(work, "stage", _by_words(DealStage.objects.values_list("pk", "code", "name"), wanted))


def reasons(work):
    """Reasons of outcomes by code or name."""
    wanted = distinct(work.batch.columns.get("outcome_reason", ()))
    settle(work, "outcome_reason", _by_words(OutcomeReason.objects.values_list("pk", "code", "name"), wanted))


def _by_words(rows, wanted):
    """Wanted word → id, by any of a row's words: as written, else in any case."""
    exact, folded = {}, {}
    for pk, *words in rows:
        for word in filter(None, words):
            exact.setdefault(word, str(pk))
            folded.setdefault(word.casefold(), str(pk))
    found = {word: exact.get(word) or folded.get(word.casefold()) for word in wanted}
    return {word: pk for word, pk in found.items() if pk}


# -- campaigns ---------------------------------------------------------------------------------------------
def campaigns(work):
    """Replace `campaign` by ids: by external id of the source, by code, by exact name (case decides).

    Beside an external id that nobody has, a code or name finds only a campaign without one. A name that several campaigns bear is refused, one that nobody knows too, unless the mapping lets it be made.
    """
    batch = work.batch
    keys, names = batch.columns.pop("campaign_key", None), batch.columns.get("campaign")
    if not keys and not names:
        return
    size = len(batch)
    pairs = list(zip(keys or [None] * size, names or [None] * size, strict=True))
    known = _known_campaigns(work, pairs)
    if "campaigns" in work.mapping.create:
        _make_campaigns(work, pairs, known)
    words = [pair if pair != (None, None) else None for pair in pairs]
    batch.columns["campaign"] = [known.get(pair) if pair else None for pair in words]
    lost = [
        batch.problem(
            number,
            "campaign_key" if pair[0] else "campaign",
            pair[0] or pair[1],
            _("several campaigns bear this name")
            if pair in known
            else _("no such campaign is known: bring it in first, or correct its name"),
        )
        for number, pair in zip(batch.numbers, words, strict=True)
        if pair and not known.get(pair)
    ]
    if lost:
        batch.refuse(lost)


def _known_campaigns(work, pairs):
    """(key, name) → id as text, "" where a name is not clear."""
    wanted = distinct(pairs)
    keys, names = {key for key, _name in wanted if key}, {name for _key, name in wanted if name}
    by_key = dict(
        Campaign.objects.filter(source=work.source, external_id__in=keys).values_list("external_id", "pk")
    )
    named, free = {}, {}  # name or code → ids; of those without an external id
    for word in ("name", "code"):  # a code goes before a name
        found = Campaign.objects.filter(**{f"{word}__in": names}).values_list("pk", word, "external_id")
        by_word = {}
        for pk, said, key in found:
            by_word.setdefault(said, []).append((pk, key))
        named |= {said: [pk for pk, _key in pairs] for said, pairs in by_word.items()}
        free |= {
            said: keyless
            for said, pairs in by_word.items()
            if (keyless := [pk for pk, key in pairs if not key])
        }
    known = {}
    for key, name in wanted:
        fits = named if not key else free
        if key and key in by_key:
            known[key, name] = str(by_key[key])
        elif name in fits:
            known[key, name] = str(fits[name][0]) if len(fits[name]) == 1 else ""
    return known


def _make_campaigns(work, pairs, known):
    channels = work.batch.get("channel")
    used = set(Campaign.objects.values_list("code", flat=True))
    for pair, channel in zip(pairs, channels, strict=True):
        if pair == (None, None) or pair in known:
            continue
        key, name = pair
        made = Campaign.objects.create(
            name=name or key,
            code=free(key or name, used),
            channel=channel or Channel.OTHER,
            status="active",
            currency=work.currency,
            source=work.source if key else "",
            external_id=key or "",
        )
        known[pair] = str(made.pk)
        used.add(made.code)
        work.note("campaign", "SELECT 0, %s::bigint, NULL::jsonb", [made.pk])
        work.count("campaigns", 1)
