"""YAML as it is allowed here: what is refused, where, and that nothing is ever built from a tag."""

from pathlib import Path

import pytest

from crawler.config.tree import MAX_BYTES, Mapping, Scalar, Sequence, describe, parse, parse_value, printable, read_file
from crawler.errors import ConfigError, Exit


def values(text: str) -> dict[str, object]:
    return {key: node.value for key, (_, node) in parse(text.encode(), "f").items.items() if isinstance(node, Scalar)}


BOMB = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))

REFUSED = [
    # bytes, message begins with, and holds
    (b"", "f:1: ", "empty"),
    (b"# only a comment\n\n", "f:1: ", "empty"),
    (b"null\n", "f:1: ", "empty"),
    (b"\xef\xbb\xbfa: 1\n", "f:1: ", "byte order mark"),
    ("a: 1\n".encode("utf-16"), "f:1: ", "byte order mark"),
    (b"a: 1\nb: \xff\n", "f:2: ", "not UTF-8"),
    (b"a: 1\nb: \x00\n", "f:2: ", "U+0000"),
    (b"a: 1\n\nb: \x1b[31m\n", "f:3: ", "U+001B"),
    (b"a: 1\n\tb: 2\n", "f:2: ", "a tab"),
    (b"a:\t1\n", "f:1: ", "a tab"),
    (b"a:\n\t- 1\n", "f:2: ", "a tab"),
    (b"a: [\n\t1]\n", "f:2: ", "a tab"),
    (b"a: 1\nb: 2\na: 3\n", "f:3: a: ", "same key twice (first at f:1)"),
    (b"a:\n  b: 1\n  b: 2\n", "f:3: a.b: ", "same key twice (first at f:2)"),
    (b"a: !!python/object/apply:os.system [touch x]\n", "f:1: a: ", "tag 'tag:yaml.org,2002:python/object/apply:os.system'"),
    (b"a:\n  - 1\n  - !!python/name:os.system\n", "f:3: a[1]: ", "tag"),
    (b"!!python/object/new:type {}\n", "f:1: ", "tag"),
    (b"a: !!str 1\n", "f:1: a: ", "tag"),
    (b"a: ! b\n", "f:1: a: ", "tag"),
    (b"!!str a: 1\n", "f:1: ", "not a plain name"),
    (b"a: &x 1\n", "f:1: a: ", "anchor"),
    (b"a: 1\nb: *x\n", "f:2: b: ", "anchor or an alias"),
    (b"<<: *x\n", "f:1: <<: ", "anchor or an alias"),
    (BOMB.encode(), "f:1: a0: ", "anchor"),
    (b"a: */star\n", "f:1: ", "but found '/'"),
    (b"a: 1\n---\nb: 2\n", "f:2: ", "second document"),
    (b"%YAML 1.1\n---\na: 1\n", "f:1: ", "directive"),
    (b"- a\n- b\n", "f:1: ", "found a list"),
    (b"just text\n", "f:1: ", "found the text 'just text'"),
    (b"42\n", "f:1: ", "found the number 42"),
    (b"? [a]\n: 1\n", "f:1: ", "not a plain name"),
    (b"a: 1\nb: {c: 1\n\n\n", "f:2: ", "never ends"),
    (b"a: 'x\nb: 2\n", "f:1: ", "never ends"),
    (b"- a\nb: 1\n", "f:2: ", "begun on line 1"),
    (b"a: 1\n b: 2\n", "f:2: ", "not YAML"),
    (b"a: b: c\n", "f:1: ", "not YAML"),
    (b"a: @x\n", "f:1: ", "not YAML"),
    (b"a: 0755\n", "f:1: a: ", "number '0755'"),
    (b"a: 0o755\n", "f:1: a: ", "number '0o755'"),
    (b"a: 0x1F\n", "f:1: a: ", "number '0x1F'"),
    (b"a: 1_000\n", "f:1: a: ", "number '1_000'"),
    (b"a: 1:30\n", "f:1: a: ", "number '1:30'"),
    (b"a: .inf\n", "f:1: a: ", "number '.inf'"),
    (b"a: -.Inf\n", "f:1: a: ", "number '-.Inf'"),
    (b"a: .NaN\n", "f:1: a: ", "number '.NaN'"),
    (b"a: 1e999\n", "f:1: a: ", "number '1e999'"),
    (b"a: 123456789012345678901234567890\n", "f:1: a: ", "number"),
    (b"a: " + b"[" * 5000, "f:1: a", "more than 16 levels"),
    (b"a: " + b"{a: " * 5000, "f:1: a.a", "more than 16 levels"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "begins", "holds"), REFUSED)
def test_refused_with_its_line(data: bytes, begins: str, holds: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(data, "f")
    assert caught.value.message.startswith(begins), caught.value.message
    assert holds in caught.value.message
    assert caught.value.hint
    assert caught.value.exit_code is Exit.CONFIG


def test_a_tag_is_never_executed(tmp_path: Path) -> None:
    for tag in ("object/apply:os.system", "object/apply:os.mkdir", "object/new:os.mkdir"):
        mark = tmp_path / "ran"
        with pytest.raises(ConfigError):
            parse(f"a: !!python/{tag} ['{mark}']\nb: !!python/{tag} ['mkdir {mark}']\n".encode(), "f")
        assert not mark.exists()


@pytest.mark.parametrize("data", [b"a: 1\n" * 2_500_000, b"[" * 300_000, b"\x00" * 10_000_000])
def test_a_huge_file_is_refused_unread(tmp_path: Path, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "huge.yaml"
    path.write_bytes(data)
    monkeypatch.setattr("crawler.config.tree.yaml.parse", lambda *_, **__: pytest.fail("parsed"))
    with pytest.raises(ConfigError, match=rf"^{path}:1: more than {MAX_BYTES // 1024} KiB"):
        read_file(path)


def test_a_file_without_end_is_read_no_further_than_the_limit() -> None:
    with pytest.raises(ConfigError, match=r"^/dev/zero:1: more than"):
        read_file(Path("/dev/zero"))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yaml: No such file"):
        read_file(tmp_path / "none.yaml")
    with pytest.raises(ConfigError, match="Is a directory"):
        read_file(tmp_path)


@pytest.mark.parametrize("word", ["no", "No", "NO", "yes", "on", "off", "y", "n", "True", "FALSE", "Null"])
def test_words_stay_words(word: str) -> None:
    assert values(f"a: {word}\n") == {"a": word}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("~", None), ("null", None), ("true", True), ("false", False), ("'true'", "true"), ('"0755"', "0755"),
        ("0", 0), ("-7", -7), ("+7", 7), ("1.5", 1.5), ("-0.25", -0.25), ("1e3", 1000.0),
        ("7d", "7d"), ("2022-02-24", "2022-02-24"), ("10.0.0.1", "10.0.0.1"), ("1.2.3", "1.2.3"), ("::1", "::1"), ("a#b", "a#b"),
    ],
)  # fmt: skip
def test_scalars_are_those_of_the_core_schema(text: str, value: object) -> None:
    found = values(f"a: {text}\n")["a"]
    assert found == value
    assert type(found) is type(value)


def test_lines_are_those_of_the_file() -> None:
    tree = parse(b"# x\r\na: 1\r\nb:\r\n  - x\r\n  - {c: d}\r\n", "f")
    assert tree.items["a"] == ("f:2", Scalar("f:2", 1))
    entries = tree.items["b"][1]
    assert isinstance(entries, Sequence)
    entry = entries.items[1]
    assert isinstance(entry, Mapping)
    assert entry.items["c"] == ("f:5", Scalar("f:5", "d"))


def test_a_value_of_the_command_line_names_its_option() -> None:
    found = parse_value("[1, x]", "-s a=[1, x]")
    assert found == Sequence("-s a=[1, x]", (Scalar("-s a=[1, x]", 1), Scalar("-s a=[1, x]", "x")))
    assert parse_value("", "-s a=") == Scalar("-s a=", None)
    with pytest.raises(ConfigError, match=r"^-s a=\[: not YAML"):
        parse_value("[", "-s a=[")


def test_messages_are_safe_for_a_terminal() -> None:
    assert printable("a\x1b[31m\nb\u202e") == "a\\x1b[31m\\nb\\u202e"
    assert len(printable("x" * 500)) == 80
    with pytest.raises(ConfigError) as caught:
        parse(b'a: 1\n"\\e[2J": &x 1\n', "f")
    assert "\x1b" not in str(caught.value)
    assert "\x1b" not in describe(parse(b'a: "\\e[2J"\n', "f").items["a"][1])


def test_deep_nesting_is_refused_at_once() -> None:
    """PyYAML's scanner takes minutes for 256 KiB of brackets; it is stopped at the seventeenth."""
    with pytest.raises(ConfigError, match="levels"):
        parse(b"a: " + b"[" * (MAX_BYTES - 3), "f")
