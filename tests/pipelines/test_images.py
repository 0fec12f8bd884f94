from __future__ import annotations

from collections.abc import Callable

import pytest

from crawler.record import Image
from pipelines.images import MAX_ELEMENTS, MAX_IMAGES, images
from pipelines.page import Draft, TextBlock

Read = Callable[..., Draft]
SITE = "https://www.harbour-gazette.example"


def kept(*paths: str) -> dict[str, tuple[TextBlock, ...]]:
    return {
        "blocks": tuple(TextBlock(index=i, path=path, tag="p", text="Text", kept=True) for i, path in enumerate(paths))
    }


ONE = kept("body > article > p")


def bare(name: str) -> Image:
    return Image(url=f"{SITE}/{name}.jpg", caption=None, alt=None)


def article(inner: str, outside: str = "") -> str:
    return f"<body><article><h1>T</h1>{inner}<p>Text</p></article>{outside}</body>"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param(article('<figure><img src="/a.jpg" alt="A ferry"><figcaption>The ferry. <b>Photo: Ada Berg</b></figcaption></figure>'),
                     [Image(url=f"{SITE}/a.jpg", caption="The ferry. Photo: Ada Berg", alt="A ferry")], id="figure"),
        pytest.param(article('<figure><img src="/a.jpg"><figcaption>Ferry<cite>Ada</cite><script>x</script></figcaption></figure>'),
                     [Image(url=f"{SITE}/a.jpg", caption="Ferry Ada", alt=None)], id="credit without a space before it"),
        pytest.param(article('<figure><img src="/chart.svg"><figcaption>Depth by hour</figcaption></figure>'),
                     [Image(url=f"{SITE}/chart.svg", caption="Depth by hour", alt=None)], id="a drawing that is shown"),
        pytest.param(article('<div><img src="/a.jpg" alt=" "><p class="wp-caption-text">The ferry</p></div>'),
                     [Image(url=f"{SITE}/a.jpg", caption="The ferry", alt=None)], id="caption by class"),
        pytest.param(article('<img src="data:image/gif;base64,R0" data-src="/b.jpg">'), [bare("b")], id="lazy"),
        pytest.param(article('<img srcset="/s.jpg 300w, /l.jpg 1200w">'), [bare("l")], id="srcset"),
        pytest.param(article('<img src="/a.jpg"><figure><img src="/a.jpg"><figcaption>Twice</figcaption></figure>'),
                     [Image(url=f"{SITE}/a.jpg", caption="Twice", alt=None)], id="each once, with its caption"),
        pytest.param(article('<a href="/a-large.jpg"><img src="/a.jpg"></a>'), [bare("a")], id="zoom"),
        pytest.param(article('<a href="/other-story"><img src="/t.jpg"></a>'), [], id="teaser"),
        pytest.param(article('<img src="/i.png" width="16" height="16"><img src="/pixel.gif"><img src="/x.svg">'), [], id="icons"),
        pytest.param(article('<aside><img src="/t.jpg"></aside><div class="related-stories"><img src="/u.jpg"></div>'), [], id="boxes"),
        pytest.param(article("", '<img src="/footer.jpg">'), [], id="outside"),
        pytest.param(article('<img><img src=""><img src="javascript:x"><img src="http://[bad">'), [], id="bad addresses"),
    ],
)  # fmt: skip
def test_images(read_page: Read, html: str, expected: list[Image]) -> None:
    assert list(read_page(html, images, draft=ONE).images) == expected


def test_the_picture_beside_the_text_is_found(read_page: Read) -> None:
    html = '<body><main><div><h1>T</h1></div><div><img src="/top.jpg"></div><div><p>a</p><p>b</p></div></main></body>'
    draft = read_page(
        html,
        images,
        draft=kept(
            "body > main > div:nth-of-type(3) > p:nth-of-type(1)", "body > main > div:nth-of-type(3) > p:nth-of-type(2)"
        ),
    )
    assert [image.url for image in draft.images] == [f"{SITE}/top.jpg"]


def test_what_the_page_states_is_the_last_resort(read_page: Read) -> None:
    ld = '<script type="application/ld+json">{"@type":"Article","headline":"x","image":{"url":"/ld.jpg","caption":"C"}}</script>'
    og = '<meta property="og:image" content="/og.jpg"><meta property="og:image:alt" content="Alt">'
    assert read_page(ld + og, images).images == (Image(url=f"{SITE}/ld.jpg", caption="C", alt=None),)
    assert read_page(f"<p>x</p>{og}", images).images == (Image(url=f"{SITE}/og.jpg", caption=None, alt="Alt"),)
    assert read_page('<meta property="og:image" content="http://[bad">', images).images == ()


def test_only_so_many_elements_are_looked_at(read_page: Read) -> None:
    # it took minutes when each of 50,000 pictures counted its neighbours
    html = article('<img src="/same.jpg">' * MAX_ELEMENTS + '<img src="/late.jpg">')
    assert [image.url for image in read_page(html, images, draft=ONE).images] == [f"{SITE}/same.jpg"]


def test_pictures_are_capped(read_page: Read) -> None:
    html = article("".join(f'<img src="/{i}.jpg">' for i in range(MAX_IMAGES + 50)))
    assert len(read_page(html, images, draft=ONE).images) == MAX_IMAGES
