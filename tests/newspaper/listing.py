"""The pages that are no articles: home, sections with their paging, tags, authors, about, search, tide tables, not found."""

from __future__ import annotations

from calendar import monthrange
from html import escape

from . import parts
from .edition import Edition
from .model import Article, Person, Section, moment
from .page import document
from .paper import FOUNDED, MOTTO, NAME, PEOPLE, SECTIONS, printed_day, printed_time
from .sheet import Sheet, text

PER_PAGE = 5
"""Articles on one page of a section."""


def _page(sheet: Sheet, title: str, content: str, *, extra: str = "", here: str = "") -> str:
    """A page of the house with its furniture."""
    out = [
        parts.banner(sheet),
        sheet.masthead(here),
        sheet.box("main", "main", content, id="main"),
        parts.signup(sheet),
    ]
    out += [parts.footer(sheet), parts.consent(sheet)]
    feeds = [("application/rss+xml", "/feed.xml"), ("application/feed+json", "/feed.json")]
    feeds += [("application/atom+xml", f"/{section.key}/atom.xml") for section in SECTIONS]
    links = "\n".join(f'<link rel="alternate" type="{kind}" href="{href}">' for kind, href in feeds)
    head = (
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{text(title)} | {NAME}</title>\n<link rel="stylesheet" href="/{sheet.skin.template}.css">\n{links}\n{extra}'
    )
    return document(sheet, head, "\n".join(out), "en")


def _teasers(sheet: Sheet, articles: tuple[Article, ...]) -> str:
    """Headlines with date and summary, each linked."""
    found = []
    for article in articles:
        when = moment(article.published)
        link = sheet.box("a", "teaser-link", text(article.title), href=sheet.edition.path(article))
        found.append(
            sheet.box(
                "div",
                "teaser",
                sheet.box("h2", "teaser-title", link),
                sheet.box("p", "teaser-date", f"{printed_day(when)} {printed_time(when)}"),
                sheet.box("p", "teaser-text", text(article.description)),
            )
        )
    return "".join(found)


def _heading(sheet: Sheet, title: str, line: str) -> str:
    """A page's heading and the sentence under it."""
    return sheet.box("h1", "page-title", text(title)) + sheet.box("p", "page-line", text(line))


def home(edition: Edition) -> str:
    """The front page: the newest articles, the most read (by their second addresses and short links), and the members' letter."""
    sheet = Sheet(edition, edition.house)
    newest = tuple(a for a in edition.articles if a.reach == "everywhere")[:12]
    most_read = []
    for article in edition.articles:
        address = edition.twin_path(article)
        if article.page_type == "gallery":
            address = f"/go/{edition.number(article)}"
        if article.reach == "private":
            address = edition.path(article)
        if address:
            most_read.append(
                sheet.box("li", "read-item", sheet.box("a", "read-link", text(article.title), href=address))
            )
    read = sheet.box("h2", "read-head", "Most read") + sheet.box("ul", "read", *most_read)
    return _page(sheet, MOTTO, _heading(sheet, "Today’s paper", MOTTO) + _teasers(sheet, newest) + read)


def pages_of(edition: Edition, section: Section) -> int:
    """How many pages a section has."""
    return max(1, -(-len(edition.in_section(section.key)) // PER_PAGE))


def section_page(edition: Edition, section: Section, number: int) -> str:
    """One page of a section."""
    sheet = Sheet(edition, edition.house)
    shown = edition.in_section(section.key)[(number - 1) * PER_PAGE : number * PER_PAGE]
    ways = {}
    if number > 1:
        ways["prev"] = ("Newer", f"/{section.key}/" + (f"?page={number - 1}" if number > 2 else ""))
    if number < pages_of(edition, section):
        ways["next"] = ("Older", f"/{section.key}/?page={number + 1}")
    turning = "".join(sheet.box("a", "turn", words, href=href, rel=rel) for rel, (words, href) in ways.items())
    extra = "\n".join(f'<link rel="{rel}" href="{href}">' for rel, (_, href) in ways.items())
    content = (
        _heading(sheet, section.name, section.about) + _teasers(sheet, shown) + sheet.box("nav", "paging", turning)
    )
    title = section.name if number == 1 else f"{section.name}, page {number}"
    return _page(sheet, title, content, extra=extra, here=section.name)


def tag_page(edition: Edition, tag: str) -> str:
    """All articles with a tag."""
    sheet = Sheet(edition, edition.house)
    tagged = tuple(a for a in edition.reachable() if tag in a.tags)
    return _page(
        sheet, tag, _heading(sheet, tag, "Everything that we have filed under these words.") + _teasers(sheet, tagged)
    )


def author_page(edition: Edition, person: Person) -> str:
    """All articles of somebody."""
    sheet = Sheet(edition, edition.house)
    written = tuple(a for a in edition.reachable() if person.name in a.authors)
    return _page(sheet, person.name, _heading(sheet, person.name, person.bio) + _teasers(sheet, written))


def about(edition: Edition) -> str:
    """What the paper says of itself."""
    sheet = Sheet(edition, edition.house)
    paragraphs = (
        f"{NAME} has come out every morning since {FOUNDED}, when it was a single sheet that told the boats whether the harbour "
        "lamp would be lit. The lamp has been electric since 1911. We kept the name and the habit.",
        "It belongs to its members, who elect the editor every fourth year in the Drill Hall, and may be joined by anybody.",
        "Nothing in it is true. Pellhaven, its people and its tides were made up, so that a crawler may have something to read.",
    )
    staff = [
        sheet.box("li", "staff-item", sheet.box("a", "staff-link", text(p.name), href=f"/author/{p.key}/"))
        for p in PEOPLE
    ]
    content = sheet.box("h1", "page-title", "About the paper") + "".join(
        sheet.box("p", "page-line", text(p)) for p in paragraphs
    )
    return _page(sheet, "About the paper", content + sheet.box("ul", "staff", *staff))


def search(edition: Edition, words: str) -> str:
    """Articles whose headline or summary holds the words."""
    sheet = Sheet(edition, edition.house)
    sought = words.casefold().strip()
    hits = tuple(a for a in edition.reachable() if sought and sought in f"{a.title} {a.description}".casefold())
    form = (
        f'<form action="/search/"><label>Search the paper <input name="q" value="{escape(words)}"></label>'
        "<button>Search</button></form>"
    )
    line = f"{len(hits)} found for “{words}”." if sought else "Type a word and press the button."
    content = _heading(sheet, "Search", line) + form + _teasers(sheet, hits)
    return _page(sheet, "Search", content, extra='<meta name="robots" content="noindex">')


def tides(edition: Edition, year: int, month: int, day: int | None) -> str:
    """A month's or a day's high waters: each page links the ones before and after it, without end."""
    sheet = Sheet(edition, edition.house)
    days = range(1, monthrange(year, month)[1] + 1) if day is None else (day,)
    rows = []
    for number in days:
        age = (year * 372 + month * 31 + number) * 50 % 745
        link = f'<a href="/tides/{year:04d}/{month:02d}/{number:02d}/" rel="nofollow">{number:02d}</a>'
        rows.append(
            f"<tr><td>{link}</td><td>{age // 60}:{age % 60:02d}</td><td>{(350 + age % 97) / 100:.2f} m</td></tr>"
        )
    before = f"/tides/{year - (month == 1):04d}/{(month - 2) % 12 + 1:02d}/"
    after = f"/tides/{year + (month == 12):04d}/{month % 12 + 1:02d}/"
    turning = "".join(
        sheet.box("a", "turn", words, href=href, rel="nofollow")
        for words, href in (("Before", before), ("After", after))
    )
    content = _heading(
        sheet, f"Tide tables, {year:04d}-{month:02d}", "High water at the Custom House, in the town’s own time."
    )
    return _page(
        sheet, "Tide tables", content + f"<table>{''.join(rows)}</table>" + sheet.box("nav", "paging", turning)
    )


def not_found(edition: Edition) -> str:
    """What is shown where nothing is."""
    sheet = Sheet(edition, edition.house)
    return _page(
        sheet, "Not found", _heading(sheet, "Not found", "No page of ours is pinned to this board. Try the front page.")
    )
