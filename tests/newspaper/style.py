"""How the paper looks: one stylesheet for both skins, and the pictures, which are drawn from their names."""

from __future__ import annotations

from hashlib import sha256

from .skin import Skin, Template

_PLAIN = """
body { margin: 0; background: #fbfaf6; color: #1d2329; font: 17px/1.55 Georgia, 'Times New Roman', serif }
a { color: #1c4e73 } img { max-width: 100%; height: auto; display: block } button { font: inherit; padding: .2em .8em }
table { border-collapse: collapse; margin: 0 0 1em } td, th { border-bottom: 1px solid #cbc7ba; padding: .25em .8em; text-align: left }
blockquote { margin: 0 0 1em 1.2em; padding-left: 1em; border-left: 3px solid #d59a2c; font-style: italic }
"""
_ROLES = {
    "promo-banner": "background: #12303f; color: #fff; padding: .5em 1.5em; display: flex; gap: 1.5em",
    "promo-action-link": "color: #f3c566",
    "skip-link": "font-size: .7em; display: inline-block; padding: .3em 1.5em",
    "edit-link": "font-size: .7em; display: inline-block; padding: .3em 0",
    "masthead": "border-bottom: 3px double #1d2329; padding: 0 1.5em 1em; text-align: center",
    "masthead-name": "font-size: 2.4em; margin: .4em 0; letter-spacing: -.02em",
    "masthead-name-link": "text-decoration: none; color: inherit",
    "menu-list": "list-style: none; margin: 0; padding: 0; display: flex; justify-content: center; gap: 1.6em; flex-wrap: wrap",
    "main": "max-width: 44rem; margin: 0 auto; padding: 1em 1.5em 3em; display: block",
    "headline": "font: bold 2.1em/1.15 Georgia, serif; margin: .6em 0 .3em",
    "page-title": "font: bold 2.1em/1.15 Georgia, serif; margin: .6em 0 .2em",
    "byline": "color: #5c6670; font-size: .85em",
    "figure": "margin: 1.2em 0",
    "caption": "color: #5c6670; font-size: .8em; padding-top: .4em",
    "audio-notice": "background: #efece2; padding: .5em 1em; font-size: .8em; margin-bottom: 1.2em",
    "player-screen": "width: 100%; background: #12303f",
    "pull-words": "font-size: 1.4em; color: #8a5a0b; margin: 1em 0",
    "newsletter-box": "background: #e9f0f3; padding: .6em 1.2em; margin: 1.2em 0",
    "promo-box": "background: #f6ecd2; padding: .6em 1.2em; margin: 1.2em 0",
    "paywall": "border-top: 3px solid #d59a2c; padding: 1em 0; text-align: center; font-weight: bold",
    "card": "border: 1px solid #cbc7ba; padding: .4em 1.2em; margin: 1.5em 0; font-size: .9em",
    "feed": "border-top: 1px solid #1d2329; margin-top: 2em; font-size: .85em",
    "feed-time": "color: #a3300f",
    "feed-title": "margin: .2em 0",
    "tags": "list-style: none; padding: 0; display: flex; gap: .6em; flex-wrap: wrap; font-size: .8em",
    "share": "display: flex; gap: .6em; align-items: center; font-size: .8em; flex-wrap: wrap",
    "newsletter": "background: #efece2; padding: 1em 1.5em; font-size: .8em; max-width: 41rem; margin: 2em auto 0",
    "comment": "border-left: 2px solid #cbc7ba; padding-left: 1em; font-size: .85em",
    "comment-name": "font-weight: bold",
    "ad-slot": "background: #eee; text-align: center; padding: 1em; margin: 1.2em 0; font: .85em/1.4 sans-serif",
    "teaser": "border-bottom: 1px solid #cbc7ba; padding: .6em 0",
    "teaser-title": "margin: 0; font-size: 1.25em",
    "teaser-date": "color: #5c6670; font-size: .8em; margin: .2em 0",
    "paging": "display: flex; gap: 2em; padding: 1em 0",
    "footer": "background: #12303f; color: #dfe6ea; padding: 1.5em; font-size: .8em; margin-top: 3em",
    "footer-link-link": "color: #f3c566",
    "consent": "position: sticky; bottom: 0; background: #fff; border-top: 1px solid #1d2329; padding: .5em 1.5em; font-size: .8em",
}


def stylesheet(template: Template) -> bytes:
    """The stylesheet of one skin."""
    skin = Skin(template)
    return (_PLAIN.lstrip() + "".join(f".{skin.name(role)} {{ {rules} }}\n" for role, rules in _ROLES.items())).encode()


def picture(name: str) -> bytes:
    """A small picture of sky and sea, drawn from its name: always the same one."""
    seed = sha256(name.encode()).digest()
    sky, light, tide = (28, 44, 200, 212, 340)[seed[0] % 5], seed[1], 300 + seed[2] % 80
    sea = 188 + seed[10] % 34
    waves = ""
    for number in range(4):
        y = tide + 60 * number
        lift = 14 + seed[3 + number] % 22
        shade = 46 - 9 * number
        waves += f'<path fill="hsl({sea}, 38%, {shade}%)" d="M0 {y} q 120 -{lift} 240 0 t 240 0 t 240 0 t 240 0 V540 H0z"/>\n'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="960" height="540" viewBox="0 0 960 540">\n'
        f'<linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="hsl({sky}, 45%, 72%)"/>'
        f'<stop offset="1" stop-color="hsl({(sky + 20) % 360}, 60%, 90%)"/></linearGradient>\n'
        f'<rect width="960" height="540" fill="url(#s)"/>\n'
        f'<circle cx="{100 + light * 3}" cy="{90 + seed[8] % 120}" r="{24 + seed[9] % 30}" fill="#fff6d8"/>\n'
        f"{waves}</svg>\n"
    ).encode()
