"""Which news agency a text credits; the texts are our own."""

import pytest

from crawler.dataset.agencies import agency_of


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("OLDPORT, 3 May (Reuters) – The ferry sank.\n\nNobody was on it.", "Reuters"),
        ("Oldport (dpa) - Die Fähre sank.", "DPA"),
        ("AFP — Le bac a coulé.", "AFP"),
        ("The ferry sank.\n\n(AP)", "AP"),
        ("The ferry sank.\n\nWith material by AFP", "AFP"),
        ("Die Fähre sank.\n\nQuelle: dpa", "DPA"),
        ("The ferry sank (AP Photo/A. Quill).", "AP"),
        ("Паром затонув.\n\n(Укрінформ)", "Ukrinform"),
        ("The ferry sank.\n\nAssociated Press", "AP"),
        ("El barco se hundió.\n\nEFE", "EFE"),
        ("MOSKOVA (İNTERFAX) – Feribot battı.", "Interfax"),
        ("Feribot battı.\n\n(xınhua)", "Xinhua"),
        ("ANKARA (ANADOLU AJANSI) – Feribot battı.", "Anadolu"),
        ("渡轮沉没。\n\n(新华社)", "Xinhua"),
        ("The ferry sank. Pa said so, and TT was there; the ap crashed.", None),
        ("Reuters opened an office on the pier, the council heard.", None),
        ("She joined the AP in 1990 and left it for the sea.", None),
        ("", None),
    ],
)
def test_a_credit_counts_where_credits_stand(text: str, agency: str | None) -> None:
    assert agency_of(text) == agency


@pytest.mark.parametrize(
    ("authors", "agency"),
    [(["AFP"], "AFP"), (["Ada Quill and dpa"], "DPA"), (["Ada Quill, Reuters"], "Reuters"), (["Pat Apa"], None)],
)
def test_an_agency_among_the_authors(authors: list[str], agency: str | None) -> None:
    assert agency_of("The ferry sank.", authors) == agency
