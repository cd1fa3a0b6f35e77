import pytest

from pipeline.names import company_key, full_name, split_name


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
