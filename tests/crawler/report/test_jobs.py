import shlex
from pathlib import Path

import pytest
import yaml

from crawler.report.jobs import FORMS, Job


def job(minutes=15, collection="/srv/my archive", sites=("a", "b"), **more):
    return Job(
        program=["/opt/py/python", "/opt/pressmark.py"], folder=Path("/srv"), collection=Path(collection), config=Path("/srv/50%/config"),
        sites=sites, minutes=minutes, about=["a: 15m, due now", "b: daily at 06:30 Europe/Kyiv, due 2026-11-21T04:30:00Z"],
        **more,
    )  # fmt: skip


WORDS = ["crawl", "--due", "--quiet", "-C", "/srv/my archive", "--config", "/srv/50%/config", "a", "b"]


def test_a_cron_line_starts_the_command_and_keeps_its_words():
    *about, line = FORMS["cron"](job()).splitlines()
    assert about == ["# a: 15m, due now", "# b: daily at 06:30 Europe/Kyiv, due 2026-11-21T04:30:00Z"]
    fields, command = line.split(" ", 5)[:5], line.split(" ", 5)[5]
    assert fields == ["*/15", "*", "*", "*", "*"]
    assert "%" not in command.replace("\\%", ""), "cron takes a bare % for a new line"
    assert shlex.split(command.replace("\\%", "%")) == [
        "cd",
        "/srv",
        "&&",
        "/opt/py/python",
        "/opt/pressmark.py",
        *WORDS,
    ]


@pytest.mark.parametrize(
    ("minutes", "cron", "calendar"),
    [(60, "0 * * * *", "*:00"), (1, "* * * * *", "*:*"), (20, "*/20 * * * *", "*:0/20")],
)
def test_how_often(minutes, cron, calendar):
    assert FORMS["cron"](job(minutes)).splitlines()[-1].startswith(cron)
    assert f"OnCalendar={calendar}\n" in FORMS["systemd"](job(minutes))


def test_a_service_keeps_the_words_too():
    lines = FORMS["systemd"](job()).splitlines()
    start = next(line for line in lines if line.startswith("ExecStart="))
    assert start == (
        'ExecStart=/opt/py/python /opt/pressmark.py crawl --due --quiet -C "/srv/my archive" --config /srv/50%%/config a b'
    )
    assert "Persistent=true" in lines


def test_a_cronjob_is_yaml_and_never_runs_twice_at_once():
    claim, cronjob = yaml.safe_load_all(FORMS["kubernetes"](job()))
    spec = cronjob["spec"]
    assert (spec["schedule"], spec["concurrencyPolicy"]) == ("*/15 * * * *", "Forbid")
    pod = spec["jobTemplate"]["spec"]["template"]["spec"]
    [container] = pod["containers"]
    assert container["args"] == ["crawl", "--due", "--quiet", "-C", "/data", "--config", "/config", "a", "b"]
    assert {volume["name"] for volume in pod["volumes"]} == {mount["name"] for mount in container["volumeMounts"]}
    assert pod["volumes"][0]["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]


def test_a_workflow_is_yaml_and_keeps_to_githubs_least():
    workflow = yaml.safe_load(FORMS["github"](job(minutes=1)))
    assert workflow[True]["schedule"] == [{"cron": "*/5 * * * *"}]  # YAML 1.1 reads the key 'on' so
    steps = workflow["jobs"]["crawl"]["steps"]
    assert "pressmark crawl --due --quiet -C archive --config config a b" in [step.get("run") for step in steps]


CONTACT = {"PRESSMARK_CONTACT": "it's 50% me@example.org"}


def test_what_is_set_where_the_job_is_made_is_set_where_it_runs():
    line = FORMS["cron"](job(environment=CONTACT)).splitlines()[-1].split(" ", 5)[5].replace("\\%", "%")
    assert shlex.split(line)[3] == f"PRESSMARK_CONTACT={CONTACT['PRESSMARK_CONTACT']}"
    unit = FORMS["systemd"](job(environment=CONTACT))
    assert 'Environment="PRESSMARK_CONTACT=it\'s 50%% me@example.org"\nExecStart=' in unit
    _, cronjob = yaml.safe_load_all(FORMS["kubernetes"](job(environment=CONTACT)))
    [container] = cronjob["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    assert {each["name"]: each["value"] for each in container["env"]} == CONTACT
    steps = yaml.safe_load(FORMS["github"](job(environment=CONTACT)))["jobs"]["crawl"]["steps"]
    assert [step["env"] for step in steps if "crawl" in step.get("run", "")] == [CONTACT]


def test_a_pod_gets_the_defaults_too():
    text = FORMS["kubernetes"](job(defaults=True))
    assert "--from-file=/srv/50%/config/defaults.yaml\n" in text
    _, cronjob = yaml.safe_load_all(text)
    pod = cronjob["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    [container] = pod["containers"]
    assert {volume["name"] for volume in pod["volumes"]} == {mount["name"] for mount in container["volumeMounts"]}
    assert "/config/defaults.yaml" in [mount["mountPath"] for mount in container["volumeMounts"]]
    assert "defaults" not in FORMS["kubernetes"](job())
