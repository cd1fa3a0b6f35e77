import pytest

from pipeline.names import Apart, company_key, full_name, settled, split_name


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Acme Corp.", "acme"),
        ("ACME, Inc", "acme"),
        ("Müller & Söhne GmbH & Co. KG", "muller & sohne"),
        ("Muller & Sohne", "muller & sohne"),
        ("Società Generale S.p.A.", "societa generale"),
        ("ООО «Ромашка»", "ромашка"),
        ("Общество с ограниченной ответственностью «Ромашка»", "ромашка"),
        ("Ромашка, ООО", "ромашка"),
        ("Йод и Ёлка", "йод и елка"),
        ("上海云图软件有限公司", "上海云图软件"),
        ("上海云图软件股份有限公司", "上海云图软件"),
        ("华为技术有限公司", "华为技术"),
        ("Angel's", "angels"),
        ("Company", "company"),
        ("Co Ltd", "co"),
        ("AG", "ag"),
        ("!!!", "!!!"),
        ("A.B. Volvo", "ab volvo"),
        ("", ""),
    ],
)
def test_company_key(name, key):
    assert company_key(name) == key


def test_keys_ignore_legal_forms_in_any_writing():
    assert len({company_key(name) for name in ("Foo LLC", "foo, l.l.c.", "FOO Ltd.", "Foo Co., Ltd")}) == 1


@pytest.mark.parametrize(
    ("full", "parts"),
    [
        ("Anna Berg", ("Anna", "Berg")),
        ("Berg, Anna", ("Anna", "Berg")),
        ("Dr. Anna Maria Berg", ("Anna Maria", "Berg")),
        ("Martin King, Jr.", ("Martin", "King")),
        ("王芳", ("芳", "王")),
        ("欧阳修远", ("修远", "欧阳")),
        ("约翰·史密斯", ("约翰", "史密斯")),
        ("Иванов Иван Иванович", ("Иван Иванович", "Иванов")),
        ("Иван Иванович Иванов", ("Иван Иванович", "Иванов")),
        ("Анна Петрова", ("Анна", "Петрова")),
        ("Denson", ("", "Denson")),
        ("", ("", "")),
    ],
)
def test_split_name(full, parts):
    assert split_name(full) == parts


def test_full_name_follows_the_script():
    assert full_name("芳", "王") == "王芳"
    assert full_name("Anna", "Berg") == "Anna Berg"
    assert full_name("", "Denson") == "Denson"


BERG = {"full_name": "Anna Berg", "given_name": "Anna", "family_name": "Berg"}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, ("Anna Berg", "Anna", "Berg")),
        (BERG, ("Anna Berg", "Anna", "Berg")),
        ({"full_name": "Eva Stein"}, ("Eva Stein", "Eva", "Stein")),
        ({"full_name": "Eva Stein", "given_name": "Eva"}, ("Eva Stein", "Eva", "Stein")),
        ({"family_name": "Stein"}, ("Anna Stein", "Anna", "Stein")),
        ({"given_name": "芳", "family_name": "王"}, ("王芳", "芳", "王")),
        ({"full_name": ""}, ("", "", "")),
        ({"full_name": "", "family_name": "Stein"}, ("Anna Stein", "Anna", "Stein")),
        ({"given_name": "", "family_name": ""}, ("Anna Berg", "", "")),
        ({"full_name": "Dr. Eva Maria Stein", "given_name": "Eva Maria", "family_name": "Stein"},
         ("Dr. Eva Maria Stein", "Eva Maria", "Stein")),
    ],
)  # fmt: skip
def test_a_name_stays_in_one_piece(said, told):
    assert tuple(settled(BERG, said).values()) == told


def test_parts_that_do_not_stand_in_the_full_name_are_refused():
    with pytest.raises(Apart) as caught:
        settled(BERG, {"full_name": "Eva Stein", "family_name": "Wolf"})
    assert caught.value.parts == ["family_name"]
