"""Durations and sizes: what was written comes back, and means what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.config.kinds import ADDRESS, CONTACT, DURATION, HOST, LANGUAGE, NETWORK, RESOLVE, SIZE, TIMEZONE, URL, Kind


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0s", 0),
        ("250ms", 0.25),
        ("3s", 3),
        ("1.5m", 90),
        ("15m", 900),
        ("12h", 43200),
        ("7d", 604800),
        ("2w", 1209600),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert DURATION.read(text) == seconds


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0B", 0),
        ("512B", 512),
        ("1KB", 1000),
        ("1KiB", 1024),
        ("1.5MB", 1_500_000),
        ("32MiB", 2**25),
        ("1GB", 10**9),
        ("1TiB", 2**40),
    ],
)
def test_sizes(text: str, count: int) -> None:
    assert SIZE.read(text) == count
    assert type(SIZE.read(text)) is int


@given(st.integers(0, 999_999), st.sampled_from(["ms", "s", "m", "h", "d", "w"]))
def test_a_duration_is_shown_as_it_could_be_written(number: int, unit: str) -> None:
    value = DURATION.read(f"{number}{unit}")
    assert DURATION.read(DURATION.show(value)) == value


@given(st.integers(0, 999_999), st.sampled_from(["B", "KB", "KiB", "MB", "MiB", "GB", "GiB", "TB", "TiB"]))
def test_a_size_is_shown_as_it_could_be_written(number: int, unit: str) -> None:
    value = SIZE.read(f"{number}{unit}")
    assert SIZE.read(SIZE.show(value)) == value


@pytest.mark.parametrize(
    "text", ["3", "s", "-3s", "3 s", "3S", "1h30m", "1e3s", "٣s", "9999999s", "1.0001s", "3sec", "inf", ""]
)
def test_no_durations(text: str) -> None:
    with pytest.raises(ValueError, match="a unit"):
        DURATION.read(text)


@pytest.mark.parametrize("text", ["3", "3kb", "3K", "3 MB", "-1B", "1PB", "0x1B", "MB", ""])
def test_no_sizes(text: str) -> None:
    with pytest.raises(ValueError, match="a unit"):
        SIZE.read(text)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (URL, ["https://x.example/", "http://127.0.0.1:8080", "https://пошта.укр/шлях"], ["x.example", "javascript:x", "https://", "https://x:0/"]),
        (ADDRESS, ["/rss", "/", "/?a=b", "https://y.example/rss"], ["rss", "//y.example", "", "/a#b", "file:///etc"]),
        (HOST, ["x.example", "*.x.example", "127.0.0.1:8080", "[::1]:80", "bücher.example"], ["*", "x.example/", "a b", "*.*.x", "X.x"]),
        (LANGUAGE, ["en", "uk", "pt-BR", "zh-Hant", "es-419", "sr-Latn-RS"], ["EN", "english", "en_US", "e", ""]),
        (NETWORK, ["127.0.0.1", "10.0.0.0/8", "::1", "fd00::/8"], ["localhost", "10.0.0.1/8", "300.0.0.1", ""]),
        (RESOLVE, ["x.example:443:192.0.2.1", "x:80:[::1]", "x:80:::1"], ["x:443", "x:0:192.0.2.1", "x:70000:::1", "x:80:y", ":80:::1"]),
        (CONTACT, ["desk@x.example", "https://x.example/bot"], ["desk", "@x", "https://x/(a)", "a b@x.example", "desk@x.example\nX: y"]),
        (TIMEZONE, ["UTC", "Europe/Kyiv", "America/Sao_Paulo"], ["Kyiv", "", "../UTC", "europe/kyiv "]),
    ],
)  # fmt: skip
def test_names_and_addresses(kind: Kind, good: list[str], bad: list[str]) -> None:
    for text in good:
        assert kind.read(text).startswith(text)
    for text in bad:
        with pytest.raises(ValueError, match=r"\w"):
            print(repr(text), "was taken as", kind.read(text))
