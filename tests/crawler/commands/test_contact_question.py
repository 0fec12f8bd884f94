"""Who runs the crawl: asked for once on a terminal, a warning elsewhere, and never asked where it is known or nobody needs to be told."""

import io

import pytest

from crawler.commands import contact_question
from crawler.commands.contact_question import with_contact
from crawler.config import load_site
from crawler.config.contact import contact_file, keep_contact


@pytest.fixture
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRESSMARK_CONTACT", raising=False)
    (tmp_path / "config" / "sites").mkdir(parents=True)
    for key, url in [("paper", "https://paper.example/"), ("mine", "http://127.0.0.1:8/"), ("lan", "http://10.1.2.3/")]:
        (tmp_path / "config" / "sites" / f"{key}.yaml").write_text(f"version: 1\nsite: {key}\nhome: {url}\n")
    return tmp_path


def site(home, key="paper", **more):
    return load_site(key, home / "config", **more)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def answering(monkeypatch, text):
    said = Terminal()
    monkeypatch.setattr(contact_question.sys, "stdin", Terminal(text))
    monkeypatch.setattr(contact_question.sys, "stderr", said)
    return said


def test_on_a_terminal_it_is_asked_for_and_kept(home, monkeypatch):
    said = answering(monkeypatch, "me@paper.example\n")
    [named] = with_contact([site(home)])
    assert named.politeness.user_agent.endswith(" (+me@paper.example)")
    assert contact_file().read_text() == "me@paper.example\n"
    assert "asked for once" in said.getvalue()
    assert site(home).politeness.contact == "me@paper.example"
    said = answering(monkeypatch, "")
    with_contact([site(home)])
    assert said.getvalue() == ""


def test_what_is_no_contact_is_asked_for_again(home, monkeypatch):
    said = answering(monkeypatch, "nobody\nme@paper.example\n")
    [named] = with_contact([site(home)])
    assert named.politeness.contact == "me@paper.example"
    assert said.getvalue().count("E-mail address or page") == 2


def test_no_answer_goes_on_without(home, monkeypatch):
    said = answering(monkeypatch, "\n")
    assert with_contact([site(home)]) == [site(home)]
    assert "no contact is set" in said.getvalue()
    assert not contact_file().exists()


def test_unattended_it_warns_once_and_goes_on(home, capsys):
    assert with_contact([site(home)]) == [site(home)]
    said = capsys.readouterr().err
    assert said.count("no contact is set") == 1
    assert "PRESSMARK_CONTACT" in said


@pytest.mark.parametrize("key", ["mine", "lan"])
def test_nobody_needs_to_tell_himself(home, capsys, key):
    with_contact([site(home, key)])
    assert capsys.readouterr().err == ""


def test_yaml_and_environment_count_over_the_kept_answer(home):
    keep_contact("kept@paper.example")
    assert site(home).politeness.contact == "kept@paper.example"
    env = {"XDG_CONFIG_HOME": str(home / "home"), "PRESSMARK_CONTACT": "env@paper.example"}
    assert site(home, env=env).politeness.contact == "env@paper.example"
    (home / "config" / "defaults.yaml").write_text("version: 1\npoliteness: {contact: yaml@paper.example}\n")
    assert site(home).politeness.contact == "yaml@paper.example"
