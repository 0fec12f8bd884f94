"""The house's own lines: what stands around the articles, and what of it changes from page to page. Text only, no HTML."""

from __future__ import annotations

from dataclasses import dataclass

from .edition import Edition
from .model import Article, moment
from .paper import ZONE, printed_time

BANNER = (
    "Tide & Time: the Lantern’s first almanac, with high water for every day of next year. It goes to press on Monday."
)
BANNER_LINK = "put my name down"
SKIP = "Skip to main text"
EDIT = "Edit page"
AUDIO = "A synthetic voice reads this article aloud"
FEED_HEAD = "Latest news"
FEED_MORE = "ALL THE LATEST"
PICKS_HEAD = "The editor’s choice"
SUPPORT = "Support our journalism. The Lantern is kept alight by 4,100 members, from three crowns a month."
SHARE_HEAD = "Share this article"
SHARE = ("Copy link", "Send by email", "Print this page")
RELATED_HEAD = "You may also like"
COMMENTS_HEAD = "Comments"
COMMENTS_RULE = "Be kind; this is a small town. Comments close after a week."
LIVE = "Posts are added at the top as they are written."
AD_LABEL = "Advertisement"
CONSENT = "We keep one cookie, to remember what you have read, and a second one if you let us count you."
CONSENT_BUTTONS = ("Only the one", "Both are fine")
PAYWALL = (
    "The rest of this article is for members.",
    "Become a member from three crowns a month",
    "Already a member? Sign in",
)
FOOTER = (
    "© 2026 The Pellhaven Lantern, Lamp Store Yard, Pellhaven",
    "Printed on Fridays by Quoin & Daughter",
    "Registered at the Custom House as a newspaper, a lighthouse having been refused",
)
FOOTER_LINKS = (("About the paper", "/about/"), ("Feed", "/feed.xml"), ("Search", "/search/"))
SIGNUP = (
    "Type your email address to get the paper",
    "That does not look like an email address",
    "Sign up",
    "* required field",
    "* required field",
    "Sign up",
    "* required field",
    "The Morning Tide with Edda Marsh",
    "* required field",
    "You are on the list",
    "Thank you. A letter is on its way to you; please press the link that is in it.",
)
SIGNUP_BUTTON = "Sign up"
BOX = ("The Morning Tide", "One letter at six, with everything that happened while you slept.", "Send it to me")
BOX_PROMO = (
    "A town in 365 tides",
    "Our almanac has the moon, the market days and eleven recipes. Fourteen crowns, at the counter or by post.",
    "Reserve a copy",
)
PLAYER = ("Play film", "0:00 / 4:06", "Subtitles off")

ADS = (
    "Tolliver & Daughter, boatbuilders. Ask us about larch.",
    "The Compass: four beds for strangers since 1903.",
    "Quoin’s Stationery. We have the other kind of envelope.",
    "Farrant’s chandlery, Quay Two. Lamp oil by the litre or the glass.",
    "Dressed crab daily at the Brass Thimble, Chapel Steps.",
)
COMMENTS: dict[str, tuple[tuple[str, str], ...]] = {
    "weather-diary-behind-classroom-wall": (
        (
            "P. Dace",
            "My aunt had that notebook’s twin, and lit the stove with it. I have been sick at heart since breakfast.",
        ),
        ("Minnow", "Was the draught ever stopped up by Mrs Gust, or did she only suffer it?"),
    ),
    "fire-in-net-loft-quay-six": (
        ("Old Quay Sixer", "They always said that stove would be the end of the hats."),
        ("Wet Boots", "I walked down to look this morning. It is worse on the left."),
        ("Nan from the North Shore", "We have nets to spare, if somebody will come and fetch them."),
    ),
    "ferry-timetable-what-we-know": (
        ("Marigold", "Could somebody please tell us which of the sailings takes dogs?"),
        ("T. Vane (no relation)", "All of them, and some of the dogs have better seats."),
    ),
    "stroud-on-being-early": (
        ("Bell Street Betty", "Forty minutes is nothing. I was once a week early for a christening."),
        ("E.", "I read this aloud to my father, who laughed for the first time since August. Thank you."),
    ),
    "borough-budget-six-questions": (
        ("Jessamy", "So who does pay for the fountain? It never says who pays."),
        ("Drain enthusiast", "Not one word about Cooper Street until the third list. Typical."),
    ),
    "live-gate-closed-spring-tide": (
        ("Grandad Pell", "Nine centimetres under. We stood on the sofa in ’74, all six of us."),
        ("The other cellist", "If he sees this: it is the one with the mended scroll, and I should like it back."),
    ),
    "tram-vote-night-service": (
        ("Lamplighter", "As one of the sixty-four, thank you, Councillor Lisle. It was good tea."),
        ("R. Penn", "I signed for the lamp and I would sign again."),
    ),
    "harbour-bun-recipe": (
        ("Cragness Exile", "My grandmother put the salt inside, and she is buried with the rolling pin."),
        ("Hob", "Cardamom."),
    ),
    "marathon-course-measured-by-bicycle": (
        ("Slate & Lead", "As the holder of an eleven-year-old personal best I should like this looked into again."),
        ("A badger’s neighbour", "They have moved, in any case. Nobody asked them to run."),
    ),
    "stroud-lost-property": (
        ("Anon.", "I have had somebody’s trombone since 2003. I am too ashamed to take it back."),
        ("Mr P.", "Thursdays, two till four. Nobody will say a word."),
    ),
}
"""What readers said, by the article’s slug."""


@dataclass(frozen=True)
class Around:
    """What is linked around one article; it differs from page to page."""

    card: Article
    """The article that the card links."""
    developments: tuple[Article, ...]
    """The headlines within the card."""
    feed: tuple[Article, ...]
    picks: tuple[Article, ...]
    related: tuple[Article, ...]
    comments: tuple[tuple[str, str], ...]
    ad: str


def around(edition: Edition, article: Article) -> Around:
    """Choose what stands around an article: deterministic, and never the article itself."""
    others = [a for a in edition.reachable() if a.slug != article.slug] or [article]
    turn = edition.number(article)

    def pick(start: int, count: int) -> tuple[Article, ...]:
        return tuple(others[(start + i) % len(others)] for i in range(min(count, len(others))))

    return Around(
        card=pick(turn * 5, 1)[0],
        developments=pick(turn * 5, 4),
        feed=pick(turn % 4, 3),
        picks=() if article.seed else pick(turn * 7 + 3, 3),
        related=pick(turn * 3 + 11, 4),
        comments=COMMENTS.get(article.slug, ()),
        ad=ADS[turn % len(ADS)],
    )


def card_lines(edition: Edition, chosen: Around) -> tuple[str, str]:
    """The card's two lines: a headline, and the day's headlines run together and cut off."""
    day = edition.when.astimezone(ZONE)
    listed = " ".join(f"* {article.title}" for article in chosen.developments)
    return f"Pellhaven today: {chosen.card.title}", f"What happened on {day:%b}. {day.day}: {listed}"[
        :240
    ].rstrip() + "…"


def feed_lines(article: Article) -> tuple[str, str, str]:
    """An entry of the latest news: time, headline with a full stop, teaser."""
    return printed_time(moment(article.published)), article.title.rstrip(".?!") + ".", article.description


def minutes(words: int) -> str:
    """How long the paper says that reading takes."""
    return f"{max(1, round(words / 200))} min read"
