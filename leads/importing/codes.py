"""Codes of campaigns and products: what people type, unique, and made of the name where a file gives none."""

from django.utils.text import slugify

from leads.importing.work import STAGE

# A row found by its name is only the one meant if no other key of the source stands against it.
KEYLESS = "(s.external_id IS NULL OR t.external_id = '')"


def settle(work, model, taken):
    """Give every new staged row a code that no row of `model` has; refuse those whose own code is `taken`."""
    fresh = work.rows(
        f"""SELECT s.no, s.code, coalesce(s.external_id, s.name), t.id IS NOT NULL
            FROM {STAGE} s LEFT JOIN {model._meta.db_table} t ON t.code = s.code WHERE s.row_id IS NULL ORDER BY s.no"""
    )
    work.refuse([(no, "code", code) for no, code, _word, known in fresh if known], lambda one: taken)
    used = set(model.objects.values_list("code", flat=True)) if fresh else set()
    codes = {}
    for no, code, word, known in fresh:
        if not known:
            codes[no] = code or free(word, used)
            used.add(codes[no])
    work.execute(
        f"""UPDATE {STAGE} s SET code = made.code FROM unnest(%s::int[], %s::text[]) made (no, code)
            WHERE made.no = s.no""",
        [list(codes), list(codes.values())],
    )


def free(word, used):
    """A code made of a word: plain, or with the first of -2, -3 … that is not used."""
    base = slugify(word, allow_unicode=True)[:50] or "x"
    code, number = base, 2
    while code in used:
        code, number = f"{base}-{number}", number + 1
    return code
