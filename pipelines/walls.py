"""What a page says that stands where the article should be: pay walls, consent walls, challenges and error pages, in their own words.

Owns the vocabulary, a line a language; what it proves is for ``access`` and ``quality`` to weigh.
"""

from __future__ import annotations

import re


def _any(*patterns: str, before: str = "", after: str = "") -> re.Pattern[str]:
    return re.compile(f"{before}(?:{'|'.join(patterns)}){after}", re.I)


CHALLENGE_TITLE = _any(
    "just a moment", "attention required", "access (?:to this page has been )?denied", "pardon our interruption",
    "are you (?:a )?(?:robot|human)", "checking your browser", "please wait", "security check", "human verification",
    "verify you are human", "bot verification", "request blocked", "403 forbidden", "ddos-guard", "one more step", "robot check",
    "captcha", "un momento", "nur einen moment", "un instant",
    before="^",
)  # fmt: skip
"""Titles of pages that ask for proof of a human."""

CHALLENGE_MARK = _any(
    "cf-chl-", "/cdn-cgi/challenge-platform/h/", "_cf_chl_opt", "px-captcha", r"captcha-delivery\.com", "_Incapsula_Resource",
    "sucuri_cloudproxy", "ddos-guard", 'id="challenge-(?:form|running|stage)', r"geo\.captcha", "awswaf", "/_sec/cp_challenge",
    "distil_r_captcha", "aws-waf-token", "kpsdk",
)  # fmt: skip
"""Marks that such pages carry in their source: Cloudflare, PerimeterX, DataDome, Imperva, Sucuri, AWS WAF, Akamai, Kasada."""

CONSENT_HOST = re.compile(
    r"//(?:consent|guce|cmp|privacy|myprivacy|zustimmung)\.|/(?:consent|privacy-?wall|cookie-?wall)(?:[/?]|$)", re.I
)
"""Addresses that serve consent walls."""

CONSENT = _any(
    r"before you continue", r"we (?:value|care about) your privacy", r"accept (?:all )?cookies", r"consent to (?:the use|cookies)",
    r"manage (?:your )?(?:privacy|cookie)",
    r"wir (?:und unsere|brauchen ihre|benötigen ihre)\b.{0,80}(?:einwilligung|zustimmung|partner)",
    r"mit werbung (?:und tracking )?(?:weiter)?lesen", r"weiter mit werbung", r"werbefrei.{0,40}(?:abo|lesen)",
    r"nutzen sie .{0,60} mit werbung", r"alle cookies", r"cookies? akzeptieren", "contentpass", "pur-abo",
    "accepter et (?:continuer|fermer)", "continuer sans accepter",
    "aceptar y continuar", "rechazar y suscribirse",
    "accetta e continua",
    "akkoord", "alles accepteren",
    "tout accepter", "aceptar tod[ao]s", "aceitar (?:tudo|todos)", "accetta tutt[oi]",
    "(?:godkänn|acceptera) alla", "(?:godta|aksepter|accepter) alle", "hyväksy kaikki",
    "(?:za)?akceptuj wszystkie", "(?:přijmout|souhlasím se) vš[eí]", "összes elfogadása", "acceptă (?:toate|tot)", "αποδοχή όλων",
    "tümünü kabul et", "принять все", "прийняти (?:все|всі)", "قبول (?:الكل|جميع)", "אישור הכול",
    "すべて(?:許可|同意)", "(?:同意|接受)(?:所有|全部)", "모두 (?:동의|허용)",
)  # fmt: skip
"""Words of a consent wall. Banners use them too: they prove a wall only where there is no article."""

PAYWALL = _any(
    r"(?:subscribe|sign up|register|log ?in|sign in|join)(?: now| today)? (?:to|and) "
    r"(?:continue|keep|unlock|read|get (?:full|unlimited)|access)",
    r"(?:continue|keep) reading (?:with|for|by|this article)", r"to (?:continue|keep) reading",
    r"this (?:article|content|story) is (?:only )?(?:for|available|exclusive|reserved)[^.]{0,40}(?:subscribers|members)",
    r"already (?:a|have a) (?:subscriber|subscription)", r"subscribers? only", r"exclusively for (?:our )?(?:subscribers|members)",
    r"unlock (?:this|the full) (?:article|story)", r"remaining (?:free )?articles",
    r"jetzt (?:weiterlesen|abonnieren|freischalten|testen und weiterlesen)", r"weiterlesen mit", r"bereits abonnent",
    r"(?:artikel|beitrag) (?:jetzt )?(?:freischalten|lesen sie mit)", r"nur für abonnent",
    r"(?:diesen|der|ganzen?) (?:artikel|beitrag|inhalt).{0,40}mit .{0,20}(?:\+|plus|abo|premium)",
    r"réservé (?:à nos|aux) abonnés", r"pour lire la suite", r"la suite est réservée", r"il vous reste .{0,30} à (?:lire|découvrir)",
    r"déjà abonné",
    r"(?:exclusivo|solo) para (?:suscriptores|abonados|socios)", r"suscríbete para (?:seguir|continuar|leer)",
    r"ya (?:eres|soy) suscriptor",
    r"exclusivo para assinantes",
    r"(?:contenuto|articolo) riservato agli abbonati", r"abbonati per (?:leggere|continuare)",
    r"(?:artikel|verhaal) (?:is )?(?:exclusief|alleen) voor abonnees", r"verder lezen\?", r"lees verder met",
    r"bli abonnent", r"kun for abonnenter", r"for å lese (?:videre|saken)",
    r"læs (?:videre|hele artiklen) med",
    r"för att läsa (?:vidare|hela)", r"endast för prenumeranter",
    r"vain tilaajille", r"jatka lukemista tilaamalla",
    r"(?:artykuł|treść) (?:dostępny|dostępna) .{0,20}dla prenumerator", r"(?:aby|chcesz) czytać dalej",
    r"pouze pro (?:předplatitele|předplatné)", r"tento článek je .{0,20}předplat",
    r"csak előfizetők", r"előfizetőink (?:olvashat|számára)",
    r"exclusiv pentru abonați", r"αποκλειστικά για συνδρομητές",
    r"(?:sadece )?abone(?:lerimize|lere) özel", r"okumaya devam etmek için .{0,30}(?:abone|üye|giriş)",
    r"この記事は(?:有料|会員)", r"有料会員(?:限定|になると)", r"残り\s*[\d,]+\s*文字", r"続きを読むには",
    r"(?:订阅|訂閱|登录|登入|付费|付費|购买|購買|成为会员|成為會員|加入会员|加入會員).{0,8}(?:继续阅读|繼續閱讀|阅读全文|閱讀全文)",
    r"(?:会员|會員|订户|訂戶|付费|付費)(?:专享|專享|专属|專屬|限定|独享|獨享)",
    r"전용 콘텐츠", r"구독자 전용", r"구독하(?:고|면) .{0,12}(?:계속|전문)",
    r"только для подписчиков", r"оформите подписку", r"(?:лише|тільки) для передплатників", r"оформіть передплату",
    r"(?:اشترك|سجل) .{0,20}(?:لقراءة|لمتابعة القراءة)", r"(?:محتوى|مقال) .{0,10}للمشتركين", r"(?:תוכן|כתבה) למנויים",
    r"पूरा (?:लेख|आर्टिकल|पढ़ने) .{0,20}सब्सक्राइब", r"berlangganan untuk (?:membaca|melanjutkan)", r"khusus pelanggan",
)  # fmt: skip
"""What a pay wall asks for."""
_PAYWALL_STEMS = (
    "subscri", "sign", "regist", "log", "join", "reading", "available", "exclusiv", "reserved", "unlock", "remaining", "abonn",
    "weiterlesen",
    "freischalten", "lesen sie", "artikel", "beitrag", "inhalt", "la suite", "il vous reste", "suscri", "abonados", "socios",
    "assinantes", "abbona", "verder lezen", "lees verder", "for å lese", "læs ", "att läsa", "prenumerant", "prenumerator", "předplat",
    "tilaa", "czytać dalej", "előfizető", "abonați", "συνδρομητ", "abone", "devam etmek",
    "有料", "会員", "残り", "続き", "阅读", "閱讀", "会员", "會員", "订户", "訂戶", "付费", "付費",
    "콘텐츠", "구독", "подпис", "передплат", "اشترك", "سجل", "للمشتركين", "למנויים", "सब्सक्राइब", "berlangganan", "pelanggan",
)  # fmt: skip


def asks_to_pay(text: str) -> bool:
    """Whether ``text`` asks for a subscription before one may read on."""
    low = text.lower()
    # each pattern has one of these stems: looking for them first costs a twentieth
    return any(stem in low for stem in _PAYWALL_STEMS) and PAYWALL.search(low) is not None


MISSING = _any(
    r"page not found", r"404 not found", r"page (?:does ?n.t|no longer) exists?", r"page (?:can ?not|could not|can.t) be found",
    r"this (?:article|story|content) is no longer available", r"error 4\d\d", r"internal server error",
    r"service unavailable",
    r"(?:seite (?:wurde )?)?nicht gefunden", r"dieser artikel ist nicht mehr",
    r"page (?:introuvable|non trouvée)",
    r"p[áa]gina (?:no encontrada|n[ãa]o encontrada)", r"pagina (?:non trovata|niet gevonden)",
    r"sidan (?:kunde inte hittas|hittades inte)", r"siden (?:blev ikke fundet|finnes ikke)",
    r"nie znaleziono", r"str[áa]nka nenalezena", r"страница не найдена", r"sayfa bulunamad[ıi]",
    r"сторінку не знайдено", r"sivua ei löy(?:dy|tynyt)", r"az oldal nem található", r"pagina nu (?:a fost găsită|există)",
    r"η σελίδα δεν βρέθηκε",
    r"الصفحة (?:غير موجودة|المطلوبة غير)", r"(?:הדף|העמוד) לא נמצא", r"صفحه .{0,20}یافت نشد", r"(?:पृष्ठ|पेज) नहीं मिला",
    r"halaman tidak ditemukan", r"không tìm thấy trang", r"ไม่พบหน้า",
    r"ページが見つかりません", r"페이지를 찾을 수 없", r"页面(?:不存在|未找到)", r"找不到(?:頁面|網頁|页面|网页)",
    before=r"(?:^|\b)", after=r"(?:\b|$)",
)  # fmt: skip
"""What titles of error pages say that a server sends with status 200."""
MISSING_ALONE = re.compile(
    r"\W*(?:(?:http|error|fehler|erreur|oops)\W+)*(?:40[34]|410|5\d\d|not found|something went wrong|oops)(?:\W+(?:error|page|fehler))?\W*",
    re.I,
)
"""What the title of one says by itself, or between two bars: in the midst of a headline the same words are news ("Flight 404 lands")."""
_BARS = re.compile(r"\s+[|\-–—·•:]+\s+|\s*[|:]\s*")


def says_missing(title: str) -> bool:
    """Whether a title is that of an error page."""
    return MISSING.search(title) is not None or any(map(MISSING_ALONE.fullmatch, _BARS.split(title)))
