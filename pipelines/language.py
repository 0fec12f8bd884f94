"""The stage that names the language of the text, as a BCP 47 tag.

Owns which statement is believed: one that fits the text's own script and small words. Templates say ``en`` on pages of every language,
so the text decides where it can be sure.

Source: RFC 5646 (BCP 47); Unicode blocks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from pipelines.page import Draft, Page, Source
from pipelines.schemaorg import text_of

SAMPLE = 2_500
"""Characters of the text that are looked at."""
_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:[-_.@].*)?", re.I)
_NAMES = {
    "english": "en", "deutsch": "de", "german": "de", "français": "fr", "french": "fr", "español": "es", "spanish": "es", "italiano": "it",
    "português": "pt", "русский": "ru", "russian": "ru", "中文": "zh", "日本語": "ja", "eng": "en", "deu": "de", "ger": "de", "fra": "fr",
    "fre": "fr",
    "spa": "es", "ita": "it", "por": "pt", "rus": "ru", "jpn": "ja", "zho": "zh", "chi": "zh", "jp": "ja", "cz": "cs", "ua": "uk",
    "gr": "el", "dk": "da", "kr": "ko", "cn": "zh", "iw": "he", "in": "id",
}  # fmt: skip
_SCRIPTS = (
    ("kana", re.compile("[\u3040-\u30ff]")), ("han", re.compile("[\u4e00-\u9fff]")), ("hangul", re.compile("[\uac00-\ud7af]")),
    ("cyrillic", re.compile("[\u0400-\u04ff]")), ("arabic", re.compile("[\u0600-\u06ff]")), ("hebrew", re.compile("[\u0590-\u05ff]")),
    ("greek", re.compile("[\u0370-\u03ff]")), ("devanagari", re.compile("[\u0900-\u097f]")), ("bengali", re.compile("[\u0980-\u09ff]")),
    ("gurmukhi", re.compile("[\u0a00-\u0a7f]")), ("gujarati", re.compile("[\u0a80-\u0aff]")), ("tamil", re.compile("[\u0b80-\u0bff]")),
    ("telugu", re.compile("[\u0c00-\u0c7f]")), ("kannada", re.compile("[\u0c80-\u0cff]")), ("malayalam", re.compile("[\u0d00-\u0d7f]")),
    ("thai", re.compile("[\u0e00-\u0e7f]")), ("georgian", re.compile("[\u10a0-\u10ff]")), ("armenian", re.compile("[\u0530-\u058f]")),
)  # fmt: skip
_LATIN = re.compile("[a-zA-Z\u00c0-\u024f]")
_WRITTEN_IN = {
    "kana": ("ja",), "han": ("zh", "yue", "ja"), "hangul": ("ko",), "cyrillic": ("ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn"),
    "arabic": ("ar", "fa", "ur", "ps", "ckb", "ug", "sd"), "hebrew": ("he", "yi"), "greek": ("el",), "devanagari": ("hi", "mr", "ne"),
    "bengali": ("bn", "as"), "gurmukhi": ("pa",), "gujarati": ("gu",), "tamil": ("ta",), "telugu": ("te",), "kannada": ("kn",),
    "malayalam": ("ml",), "thai": ("th",), "georgian": ("ka",), "armenian": ("hy",),
}  # fmt: skip
"""Languages of a script, the likeliest first; those of Latin script are told by their words."""
_SURE = frozenset({"kana", "han", "hangul", "hebrew", "greek", "bengali", "gurmukhi", "gujarati", "tamil", "telugu", "kannada", "malayalam",
                   "thai", "georgian", "armenian"})  # fmt: skip
_WORDS = {
    "en": "the of and to in is that for it was with as on are be this by have from not but they at his an",
    "de": "der die und das den von ist nicht mit dem sich auf für eine auch ein als des wird im sind aus",
    "fr": "les des est dans une pour qui que pas sur au plus avec par sont du cette ont ces aux mais et",
    "es": "los las del que para una por con su como más pero al este sus ha entre sobre también fue y el",
    "pt": "não uma dos das que para com os foi mais como são pelo seu sua ao também pela até em do",
    "it": "che di per una della del con non sono gli nel alla più anche dei è le delle questo ha il",
    "nl": "het een van dat niet zijn voor met ook aan er maar bij naar wordt deze nog hij uit de",
    "sv": "och att som det för inte är den har till av ett på med om men vid var från de",
    "da": "og at det til som ikke er af på med den har for også ved blev efter fra vil han der",
    "no": "og at det til som ikke er av på med den har også ble etter fra vil han seg mot der",
    "fi": "ja on ei että oli ovat mutta myös hän joka kun sen se tai mukaan",
    "pl": "nie się jest że na do jak przez dla po od ale oraz był tym jego także które i",
    "cs": "se na je že který pro jako ale by jsou byl podle jeho také však nebo až v",
    "tr": "ve bir bu için ile olarak da de daha olan çok sonra kadar gibi ise değil",
    "hu": "és az hogy nem egy is meg volt csak már ez azt szerint mint vagy",
    "ro": "și în la cu pe din care este nu pentru că mai fost au sunt sau",
    "id": "yang dan di dengan untuk dari ini tidak pada itu dalam akan juga ke oleh",
    "sw": "na ya kwa wa katika ni la za kuwa hiyo huo pia cha vya huku",
}
_FREQUENT = {
    word: [lang for lang, words in _WORDS.items() if word in words.split()]
    for words in _WORDS.values()
    for word in words.split()
}
_TOKEN = re.compile(r"[^\W\d_]+")
_KIN = ({"no", "nb", "nn"}, {"id", "ms"}, {"zh", "yue"}, {"sr", "hr", "bs"})


def language(page: Page, draft: Draft) -> Draft:
    """Fill ``language``; flag ``language-doubtful`` if no statement fits the text."""
    if draft.tree is None:
        return draft
    text = draft.text[:SAMPLE] or " ".join(filter(None, (draft.title, draft.description)))
    possible, sure = told_by(text)
    first: tuple[str, Source] | None = None
    for tag, source in _stated(page, draft):
        first = first or (tag, source)
        if possible is None or tag.partition("-")[0] in possible:
            return _filled(draft, tag, source)
    if possible and (sure or first is None):
        return _filled(draft, possible[0], "guess")
    if first:
        return replace(_filled(draft, *first), flags=draft.flagged("language-doubtful"))
    if page.rules is not None and page.rules.language:
        return _filled(draft, page.rules.language, "rule")
    return draft


def told_by(text: str) -> tuple[tuple[str, ...] | None, bool]:
    """Languages that a text can be in, the likeliest first, and whether that is sure; (None, False) if it says nothing."""
    counts = {"latin": len(_LATIN.findall(text))}
    if 2 * counts["latin"] < len(text):
        counts |= {name: len(pattern.findall(text)) for name, pattern in _SCRIPTS}
    script = max(counts, key=lambda name: counts[name])
    if counts[script] < 20:
        return None, False
    if script == "han" and counts["kana"] > counts["han"] / 20:
        script = "kana"
    if script != "latin":
        return _WRITTEN_IN[script], script in _SURE
    hits: Counter[str] = Counter()
    words = 0
    for match in _TOKEN.finditer(text):
        words += 1
        for lang in _FREQUENT.get(match[0].lower(), ()):
            hits[lang] += 1
    ranked = hits.most_common(2)
    if words < 40 or not ranked or ranked[0][1] < words * 0.12:
        return None, False
    best = ranked[0][0]
    rival = ranked[1][1] if len(ranked) > 1 else 0
    kin = next((group for group in _KIN if best in group), {best})
    if rival > 0.8 * ranked[0][1]:
        return (best, *sorted(kin - {best}), ranked[1][0]), False
    return (best, *sorted(kin - {best})), True


def normal(value: str | None) -> str | None:
    """A language tag in its usual form (``pt-BR``, ``zh-Hant``); None if it is no tag."""
    if not value:
        return None
    text = value.strip().split(",")[0].strip()
    if name := _NAMES.get(text.lower()):
        return name
    match = _TAG.fullmatch(text)
    if not match or match[1].lower() in ("und", "mul", "xx"):
        return None
    tag = _NAMES.get(match[1].lower(), match[1].lower())
    if match[2]:
        tag += "-" + match[2].title()
    return f"{tag}-{match[3].upper()}" if match[3] else tag


def _filled(draft: Draft, tag: str, source: Source) -> Draft:
    return replace(draft, language=tag, sources=replace(draft.sources, language=source))


def _stated(page: Page, draft: Draft) -> Iterator[tuple[str, Source]]:
    assert draft.tree is not None
    stated: list[tuple[str | None, Source]] = [
        (text_of(node.get("inLanguage")), source) for source, node in draft.works[:1]
    ]
    root = draft.tree.getroottree().getroot()
    stated.append(
        (root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang"), "html")
    )
    body = next(root.iter("body"), None)
    if body is not None:
        stated.append((body.get("lang"), "html"))
    seen = dict(reversed(draft.meta))
    stated += [
        (seen.get(name), "meta")
        for name in ("dc.language", "dcterms.language", "content-language", "language", "og:locale")
    ]
    stated.append((page.header("Content-Language"), "meta"))
    for value, source in stated:
        if tag := normal(value):
            yield tag, source
