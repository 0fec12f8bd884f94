"""What blocks around an article say of themselves: the set phrases of the trade, in the languages of the press.

Owns the vocabulary, each phrase under the kind of block that it gives away. A match is evidence: an article may speak of newsletters.
Pure; never looks at where a block stands.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.record import BlockKind

MAX_CHARS = 700
"""Blocks longer than this are prose: nobody looks for set phrases in them."""
MAX_START = 300
"""Blocks longer than this are not judged by how they begin."""

_WHOLE: dict[BlockKind, str] = {
    "share": (
        r"share|share this|share article|share this article|share on facebook|share on twitter|share on x|tweet|teilen|partager|"
        r"compartir|condividi|compartilhar|udostępnij|поделиться|поширити|delen|del|jaa|paylaş|シェア|分享|공유|शेयर करें|"
        r"مشاركة|whatsapp|facebook|twitter|linkedin|telegram|reddit|pinterest|email|x|copy link|link copied"
    ),
    "newsletter": (
        r"subscribe|subscribe now|successfull?y subscribed|abonnieren|s.abonner|suscribirse|iscriviti|"
        "подписаться|підписатися|購読|訂閱|구독"
    ),
    "comments": (
        r"comments?|kommentare|commentaires|comentarios|commenti|komentarze|комментарии|коментарі|reacties|kommentarer|yorumlar|"
        r"コメント|评论|評論|댓글|التعليقات"
    ),
    "feed": (
        r"latest|latest news|latest stories|latest headlines|news ?feed|live feed|breaking news|more news|recent posts|"
        r"recent news|recent articles|newsticker|top news|neueste artikel|neueste nachrichten|aktuelle nachrichten|"
        r"dernières infos|dernières actualités|últimas noticias|ultime notizie|najnowsze|последние новости|лента новостей|"
        r"останні новини|laatste nieuws|senaste nytt|siste nytt|seneste nyt|son dakika|最新ニュース|最新新闻|最新消息|"
        r"최신 ?뉴스|ताज़ा खबर|آخر الأخبار"
    ),
    "ad": (
        r"advertisements?|ads?|advertorial|sponsored|sponsored content|paid content|paid post|promoted|promoted content|anzeige|"
        r"werbung|publicit[éàa]|publicidad|publicidade|pubblicità|reklam[ay]?|реклама|advertentie|annons|annonse|annonce|mainos|"
        r"ilan|広告|广告|廣告|광고|विज्ञापन|إعلان|ad feedback"
    ),
    "nav": (
        r"skip to (?:main )?content|home|menu|search|log ?in|sign (?:in|up)|back to top|edit post|contact|contact us|about us|"
        r"previous|next|close|open|show more|load more|startseite|suche|accueil|inicio|home ?page|zum inhalt.*|"
        r"aller au contenu.*|print|register|view all|see all|all|more|tags?:?|topics?:?|filed under:?|главная|головна|"
        r"меню|поиск|пошук|ホーム|首页|首頁|홈"
    ),
}
"""All that a block says."""
_START: dict[BlockKind, str] = {
    "related": (
        r"related\b|read more\b|see also\b|read also\b|also read\b|read next\b|more (?:from|on|in|about)\b|more stories|"
        r"must[- ]read|recommended\b|you (?:may|might) (?:also )?like|don.t miss\b|required reading|what to read next|up next\b|"
        r"next article|trending\b|most (?:read|popular|viewed|shared)|editor.?s.? picks?|top stories|popular now|watch ?[:|]|"
        r"(?:mehr|weitere?[rs]?) (?:zum thema|artikel|nachrichten|aus|dazu)\b|lesen sie (?:auch|mehr)|auch interessant|"
        r"das könnte sie|meistgelesen|(?:à |a )?lire (?:aussi|également|plus)|sur le même sujet|lea también|te puede interesar|"
        r"lee también|más (?:noticias|leídas|información)|leggi anche|potrebbe interessarti|leia (?:também|mais)|veja também|"
        r"czytaj (?:także|też|również|więcej)|zobacz (?:także|też|również)|читайте (?:также|ещ[её]|також)|смотрите также|"
        r"lees (?:ook|meer|verder)|läs (?:också|mer|även)|les også|læs også|lue myös|přečtěte si|čtěte také|ilgili haber|"
        r"関連記事|あわせて読みたい|相关(?:新闻|阅读|文章)|延伸閱讀|相關新聞|推荐阅读|관련 ?기사|यह भी पढ़ें|ये भी पढ़ें|"
        r"इसे भी पढ़ें|اقرأ (?:أيضا|المزيد)|اقرأ أيضًا|مواضيع ذات صلة|आणखी वाचा|हे ?ही वाचा|আর[ওো] পড়ুন|மேலும் படிக்க|இதையும் படி|"
        r"ఇ[దవ]ి కూడా చదవండి|આ પણ વાંચો|ಇದನ್ನೂ ಓದಿ|ഇതും വായിക്കുക|ਇਹ ਵੀ ਪੜ੍ਹੋ|یہ بھی پڑھیں|مزید پڑھیں|(?:بیشتر|همچنین) بخوانید|"
        r"קראו (?:גם|עוד)|อ่านเพิ่มเติม|ข่าวที่เกี่ยวข้อง|(?:xem|đọc) thêm|διαβάστε (?:επίσης|ακόμα)"
    ),
    "byline": (
        r"(?:by|von|par|por|di|door|av|af|от|автор:?|text:)\s+\W?\w+|"
        r"(?:published|updated|posted|last (?:updated|modified)|veröffentlicht|aktualisiert|stand|publié|mis à jour|"
        r"publicado|actualizado|pubblicato|aggiornato|opublikowano|aktualizacja|опубликовано|обновлено|опубліковано|"
        r"publicerad|oppdatert|gepubliceerd)\b.{0,60}$|"
        r"(?:reading time|lesezeit|read time)\b"
    ),
    "caption": (
        r"(?:photo|image|picture|illustration|foto|bild|fot\.|photograph|screenshot|credit|quelle|crédits?|imagen|"
        r"immagine|zdjęcie|фото)\s?(?:credit|by|courtesy)?\s?[:：/]|"
        r"(?:photo|image|picture|foto|bild)\s?(?:credit|by|courtesy|via)\b|bildquelle|archivfoto|symbolbild"
    ),
    "share": (
        r"share (?:this|on|via)\b.{0,40}$|follow us on|folgen sie uns|suivez[- ]nous|s[ií]guenos|seguici su|подписывайтесь|"
        r"читайте нас|click here to (?:follow|join)|join (?:our|the) (?:whatsapp|telegram)"
    ),
    "newsletter": (
        r"sign up\b|subscribe (?:to|now|for|today|here)\b|enter your e-?mail|thank you for (?:signing|subscribing)|"
        r"abonnieren sie|abonnez[- ]vous|inscrivez[- ]vous|suscr[ií]b|recibe en tu|iscriviti|zapisz się|подпи(?:ш|с)\w+ на|"
        r"inscreva-se|assine (?:a|nossa)"
    ),
    "author_bio": (
        r"about the authors?\b|(?:contact|follow) (?:him|her|them|the author)|über (?:den|die) autor|"
        r"view (?:all|more) (?:posts|articles)|more (?:articles|stories) by|follow .{3,40} on (?:x|twitter)\b"
    ),
    "footer": (r"(?:copyright|©|\(c\)) ?(?:©|\(c\))? ?(?:19|20)\d\d"),
    "comments": (
        r"\d+ comments?\b|(?:leave|post|add|write) a (?:comment|reply)|join the (?:conversation|discussion)|view comments|"
        r"all comments"
    ),
}
"""How a block begins."""
_PART: dict[BlockKind, str] = {
    "consent": (
        "accept all|accept cookies|all cookies|manage cookies|reject all|cookie policy|cookie settings|cookie notice|"
        "use cookies|store cookies|our cookies|cookies are|cookies may|privacy policy|privacy settings|privacy choices|"
        "opt-out of|opt out of|externer inhalt|externen inhalt|externe inhalt|datenschutz|personenbezogene daten|"
        "politique de confidentialit|aceptar cookies|las cookies|informativa sulla privacy|prywatności|персональных данн|"
        "политик конфиденциальности|gdpr|do not sell my"
    ),
    "newsletter": (
        "newsletter|in your inbox|to your inbox|your e-mail|your email|email address|e-mail address|indicates required|"
        "mailing list|confirmation email|deine e-mail|ihre e-mail|рассылк|nieuwsbrief|nyhedsbrev|nyhetsbrev|メールマガジン|"
        "メルマガ|ニュースレター|뉴스레터|订阅|訂閱|न्यूज़लेटर|النشرة البريدية|نشرتنا|розсилк|செய்திமடல்|নিউজলেটার|خبرنامه|ניוזלטר|จดหมายข่าว"
    ),
    "ad": (
        "advertisement has not loaded|story continues below|article continues below|continue reading below|"
        "article continues after|story continues after|scroll to continue|continúa después de la publicidad"
    ),
    "caption": (
        "getty images|ap photo|/afp|/reuters|/getty|/ap)|/epa|/dpa|via reuters|via ap|"
        "(reuters|(afp|(ap)|(getty|(dpa|shutterstock|imago/|©|image credit|photo credit|photo by|photo:|image:|foto:|"
        "bild:|file photo|archive photo|courtesy of|courtesy photo|imagen:|фото:"
    ),
    "disclosure": (
        "with ai assistance|audio is created|audio is generated|generated by ai|created by ai|ai-generated|listen to this|"
        "listen to article|listen to the article|text-to-speech|affiliate commission|affiliate link|earn a commission|"
        "receive a commission|may receive compensation|artikel anhören|écouter cet article|écouter l|escuchar artículo|"
        "escuchar este|maschinelle übersetzung|computer-generated voice|озвуч|opinions expressed|views expressed|"
        "automatisch erstellt|von ki erstellt|chatgpt"
    ),
    "paywall": (
        "already a subscriber|rest of this article|for members only|members only|"
        "not a subscriber|subscribe to continue|subscribe to read|subscribe to unlock|log in to continue|"
        "login to continue|sign in to continue|sign in to read|sign in to view|create an account|create a free account|"
        "unlimited access|digital access|online access|become a member|become a subscriber|for subscribers|"
        "exclusive to subscribers|register to continue|register to read|jetzt testen|weiterlesen mit|réservé aux abonnés|"
        "déjà abonné|para suscriptores|per gli abbonati|dla prenumeratorów|dla subskrybentów|support local journalism|"
        "support independent journalism|support quality journalism|free trial"
    ),
    "promo": (
        "donate today|donate now|donation|as little as $|as little as £|contribution will|contributing as little|"
        "support our newsroom|support our work|support us|become a supporter|pre-order now|buy now|shop now|order now|"
        "download our|download the app|our app|unterstützen sie|soutenez|apóyanos|sostienici|wesprzyj|поддержите|підтримайте|"
        "among the first to|special offer|limited time|jetzt bestellen|jetzt kaufen|jetzt sichern|shopping link"
    ),
    "footer": (
        "all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|tutti i diritti|"
        "wszelkie prawa|все права защищены|усі права захищені|terms of use|terms of service|terms and conditions|"
        "terms & conditions|impressum|版权所有|無断転載|may not be published|may not be reproduced"
    ),
    "author_bio": (
        "contributed to this report|contributed to this story|contributed to this article|can be reached at|is a reporter|"
        "is a journalist|is a freelance|is a senior|is an editor|is a staff writer|is a contributor|is a columnist|"
        "is a correspondent|is a writer|reporting by|editing by|who writes about|is the author of"
    ),
    "comments": ("log in to comment|log in to reply|leave a comment|post a comment"),
    "byline": (
        " min read| minute read| mins read|min lesezeit|min de lecture|min de lectura|min di lettura| хв читання| мин чтения|"
        "minuten lesezeit"
    ),
    "share": ("share this story|share this post|copy the link"),
}
"""What stands anywhere in a block; plain strings, because looking for them is what costs."""

_ORDER: tuple[BlockKind, ...] = (
    "consent", "paywall", "newsletter", "ad", "share", "comments", "disclosure", "caption", "related", "feed", "author_bio", "byline",
    "promo", "footer", "nav",
)  # fmt: skip
BITS: dict[BlockKind, int] = {kind: 1 << i for i, kind in enumerate(_ORDER)}
"""A bit for each kind, the surest first."""
DATE = re.compile(
    r"\b\d{1,2}[:.h]\d{2}\b|\b(?:19|20)\d{2}\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|"
    r"\b\d+ (?:hours?|minutes?|mins?|days?|weeks?|months?) ago\b|"
    r"\bvor \d+ \w+|\bil y a \d+|\bhace \d+|年\d{1,2}月|\d+ ?(?:時間|分|小时|小時|시간|분) ?(?:前|전)",
    re.I,
)
"""A date or a time of day."""
HOUSE = re.compile(
    r"(?:editor.?s.? note|correction|clarification|update|anm(?:erkung)?\.? d(?:er|\.) red|note de (?:l.éditeur|"
    r"la rédaction)|nota (?:del editor|de la redacción|della redazione|do editor)|"
    r"от редакции|від редакції|виправлення|исправление|rättelse|rettelse|oikaisu|rectificatie|sprostowanie|訂正|更正|"
    r"정정)\b|this (?:article|story|post) (?:has been|was) (?:updated|corrected|amended)",
    re.I,
)
"""House lines: what a newsroom says of the article itself. It belongs to the article, however many articles bear it."""


def _one_of(groups: dict[BlockKind, str], end: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{kind}>(?:{words}){end})" for kind, words in groups.items()))


_IS = _one_of(_WHOLE, r"\W*$")
_BEGINS = _one_of(_START, "")
_WORD = re.compile(r"\w+")
_STEM = 5


def _sorted_by_stem() -> tuple[dict[str, list[tuple[str, int]]], list[tuple[str, int]], list[tuple[str, int]]]:
    """Phrases by how their longest word begins, and those that no word begins: looking for each of 300 would cost too much.

    The last are in two lists: those in ASCII, and those that only a text with other letters can hold.
    """
    stems: dict[str, list[tuple[str, int]]] = {}
    always: list[tuple[str, int]] = []
    other_scripts: list[tuple[str, int]] = []
    for kind, phrases in _PART.items():
        for phrase in phrases.split("|"):
            longest = max(_WORD.findall(phrase), key=len, default="")
            if len(longest) >= 4 and not any(ord(c) > 0x58F for c in phrase):
                found = stems.setdefault(longest[:_STEM], [])
            else:
                found = always if phrase.isascii() else other_scripts
            found.append((phrase, BITS[kind]))
    return stems, always, other_scripts


_STEMS, _ALWAYS, _OTHER_SCRIPTS = _sorted_by_stem()


@lru_cache(maxsize=4096)
def spoken(text: str) -> int:
    """Return the bits of the kinds that ``text`` gives away; 0 if none, or if it is too long to be such a block."""
    if len(text) > MAX_CHARS:
        return 0
    low = text.casefold()
    found = 0
    for stem in _STEMS.keys() & {word[:_STEM] for word in _WORD.findall(low)}:
        for phrase, bit in _STEMS[stem]:
            if phrase in low:
                found |= bit
    for phrase, bit in _ALWAYS if low.isascii() else _ALWAYS + _OTHER_SCRIPTS:
        if phrase in low:
            found |= bit
    if len(low) <= MAX_START:
        for pattern in (_IS, _BEGINS):
            match = pattern.match(low)
            if match and match.lastgroup:
                found |= BITS[match.lastgroup]  # type: ignore[index]
    return found


def kinds(bits: int) -> list[BlockKind]:
    """The kinds that ``bits`` stand for, the surest first."""
    return [kind for kind, bit in BITS.items() if bits & bit]
