"""Names of authors as bylines write them: split, freed of by-words, roles, agencies and addresses.

Owns what a name is and what stands around it. Never looks at a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipelines.plain import key, plain

MAX_NAME = 70
"""Longest name, in characters."""
MAX_WORDS = 7
"""Most words of a name."""

_BY = re.compile(
    r"^(?:(?:(?:written|posted|reported|published|story|words|text|article|edited|analysis|opinion|review|photos?|report)\s+by"
    r"|by|von|vom|par|por|door|av|af|di|autore?s?|autor(?:in|en|es|a)?|authors?|auteurs?|text|texte|texto|testo|tekst|reporter|journalist"
    r"|автор(?:ы)?|текст|yazan|yazar|haber|penulis|oleh|od|skrevet af|skrevet av|geschrieben von|ein artikel von|ein beitrag von|una?|文|作者|記者|记者|撰文|取材・文)"
    r"(?:\s*[:：/]\s*|\s+))+",
    re.I,
)
_AND = re.compile(
    r"\s*(?:[;|•·\n\t、，]|\s/\s|\s[-–—]\s|(?<=\w)\s*/\s*(?=[A-ZÀ-Þ]\w+\s)|\s(?:and|und|et|y|och|og|en|ja|ve|oraz|и|та|dan|with|mit|avec|con|&amp;|&|\+)\s)\s*",
    re.I,
)
_COMMA = re.compile(r"\s*,\s*")
_ADDRESS = re.compile(r"\S+@\S+|(?:https?:)?//\S+|www\.\S+", re.I)
_HANDLE = re.compile(r"(?:^|\s)@\w+")
_BRACKETS = re.compile(r"\s*[(\[（【<][^)\]）】>]{0,80}(?:[)\]）】>]|$)\s*")
_SUFFIX = re.compile(
    r"^(?:jr|sr|ii|iii|iv|ph\.?\s?d|m\.?d|dds|esq|m\.?a|m\.?sc|mba|rn|rdn?|cpa|cfp|j\.?d|ms|mph|ldn?|cscs|dc|do|dr)\.?$",
    re.I,
)
_TAIL = re.compile(r"\s+(?:기자|記者|记者|報道|撰稿|기자\s*=.*|is\b.*|for\s+\S.*|\d.*)$", re.I)
_PLACE = re.compile(r"\s+(?:in|aus|à|en|from)\s+[A-ZÀ-Þ]\w+(?:[\s/-][A-ZÀ-Þ]\w+)*$")
_NOBODY = frozenset(
    "admin administrator webmaster user guest unknown null none undefined anonymous author autor auteur editor root test nobody na "
    "byline profile verifiedaccount superuser wpadmin siteadmin adminuser contributor".split()
)
_ROLE = re.compile(
    r"\b(?:reporter|editor|writer|correspondent|journalist|columnist|contributor|producer|fellow|director|professor|analyst|critic|chief|"
    r"manager|senior|staff|freelance|redakteur(?:in)?|korrespondent(?:in)?|autor(?:in)?|journaliste?|r[ée]dact(?:eur|rice)|correspondant[e]?|"
    r"redactora?|corresponsal|periodista|giornalista|inviato|redaktor|dziennikarz|updated|published|min read|photographer|fotograf)\b",
    re.I,
)
_GROUP = re.compile(
    r"\b(?:news|redaktion\w*|redacci[oó]n|r[ée]daction|redazione|redakcja|redakce|staff|team|desk|editorial|editors|board|agency|agentur|agencia|"
    r"agence|agenzia|press|media|magazine|times|post|journal|network|wire|newsroom|company|inc|llc|ltd|gmbh|university|institute|"
    r"college|school|ministry|office|department|foundation|association|committee|council|service|services|group|club|online|digital|"
    r"contributors?|reporters|correspondents|sponsored|partner|content|haber|ajans[ıi]|center|centre|society|tv|radio|zeitung|"
    r"reuters|afp|dpa|ansa|efe|apa|ap|sid|epd|kna|upi|pti|ani|ians|tass|bloomberg|xinhua|kyodo|yonhap|lusa|belga|anp|tt|ntb|ritzau|ritzaus|stt|"
    r"çtk|čtk|pap|tasr|mti|agerpres|keystone|sda|ats|imago|getty)\b|\.(?:com|org|net|de|co|fr|at|ch|be|nl|es|it|pl|se|no|dk|is|tv|eu|tr|uk)\b",
    re.I,
)
_LETTER = re.compile(r"[^\W\d_]")


def names_in(text: object) -> Iterator[str]:
    """Names in the words of a byline, in order."""
    line = plain(text, 1500)
    if not line:
        return
    line = _HANDLE.sub(" ", _ADDRESS.sub(" ", line))
    line = _BRACKETS.sub(" , ", line).strip(" ,")
    for chunk in _AND.split(_BY.sub("", line)):
        yield from _named([part for part in _COMMA.split(chunk) if part.strip()])


def is_group(name: str, site: Iterable[str] = ()) -> bool:
    """Whether a name is that of an organisation or a desk: by its words, or because the site goes by it (``site`` holds keys)."""
    own = key(name)
    return bool(_GROUP.search(name)) or any(
        own == other or (len(other) > 4 and own.startswith(other)) for other in site
    )


def _named(parts: list[str]) -> Iterator[str]:
    """The names among the parts between commas: what follows a name without being one is a role, a place or a title."""
    for place, part in enumerate(parts):
        name = _TAIL.sub("", _BY.sub("", part.strip(" .,:;*|–—-\u2022"))).strip(" .,:;*|–—-\u2022")
        name = _PLACE.sub("", name)
        if place and (_SUFFIX.match(name) or len(name.split()) == 1 and not _is_script_without_spaces(name)):
            continue
        if _is_name(name) and not (place and _ROLE.search(name)):
            yield name


def _is_name(name: str) -> bool:
    return (
        2 <= len(name) <= MAX_NAME
        and len(name.split()) <= MAX_WORDS
        and _LETTER.search(name) is not None
        and key(name) not in _NOBODY
        and not name.endswith(("?", "!"))
    )


def _is_script_without_spaces(name: str) -> bool:
    return any("\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7af" for c in name)
