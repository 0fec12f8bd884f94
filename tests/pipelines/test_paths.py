"""CSS paths lead back to the element they were made from."""

from __future__ import annotations

from lxml import html

from pipelines.paths import Paths


def test_a_path_selects_its_element_and_no_other() -> None:
    tree = html.document_fromstring(
        "<html><body><main><p>a</p><p>b</p><aside>c</aside></main><aside>d</aside><aside><div><p>e</p></div></aside></body></html>"
    )
    paths = Paths()
    body = tree.find("body")
    assert body is not None
    for element in body.iterdescendants():
        assert tree.cssselect(paths.of(element)) == [element]
    assert paths.of(tree.findall(".//aside")[2]) == "body > aside:nth-of-type(2)"
    assert paths.of(tree.find(".//main")) == "body > main"
    assert paths.of(body) == "body"
