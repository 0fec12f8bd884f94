import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.warc.surt import surt


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://e.com", "com,e)/"),
        ("HTTPS://www.E.com/A/?b=2&a=1", "com,e)/a?a=1&b=2"),
        ("http://www2.e.com:80/a//b/../c/./d", "com,e)/a/c/d"),
        ("https://e.com:443/", "com,e)/"),
        ("https://e.com:8443/x/", "com,e:8443)/x"),
        ("http://user:pw@e.com/x#frag", "com,e)/x"),
        ("http://e.com/?", "com,e)/"),
        ("http://e.com/a?b", "com,e)/a?b"),
        ("http://e.com/a?b=", "com,e)/a?b="),
        ("http://e.com/é?q=ü", "com,e)/%c3%a9?q=%c3%bc"),
        ("http://e.com/%C3%A9%20x", "com,e)/%c3%a9%20x"),
        ("http://e.com/a%2525b", "com,e)/a%25b"),
        ("http://münchen.de/", "de,xn--mnchen-3ya)/"),
        ("http://192.0.2.1/x", "1,2,0,192)/x"),
        ("http://news.e.co.uk/a", "uk,co,e,news)/a"),
        ("http://e.com./x", "com,e)/x"),
        ("http://e.com/?phpsessid=0123456789abcdef0123456789abcdef&x=1", "com,e)/?x=1"),
        ("http://e.com/(a(4hqa0555fwsecu455xqckv45))/m.aspx", "com,e)/m.aspx"),
        ("urn:text:http://E.com/X y", "urn:text:http://e.com/x%20y"),
        ("dns:e.com", "dns:e.com"),
        ("http://e.com/a\r\nb", "com,e)/ab"),
    ],
)
def test_surt(url: str, key: str) -> None:
    assert surt(url) == key


@given(st.text(max_size=30))
def test_a_key_has_no_white_space_and_never_fails(text: str) -> None:
    for url in (text, f"http://e.com/{text}", f"https://{text}/"):
        assert not any(c.isspace() and c.isascii() for c in surt(url))
