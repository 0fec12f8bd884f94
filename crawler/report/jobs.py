"""Jobs: what has to stand in a crontab, in systemd, in Kubernetes or in a GitHub workflow so that sites are crawled when due. Pure text.

All of them start the same command, `pressmark crawl --due`, often enough for the schedule that asks for most: which sites are due, in which
time zone, and what is made good after a night without power, Pressmark knows best itself.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HOUR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be started."""

    program: Sequence[str]
    """What starts Pressmark: its path, or Python's and the launcher's."""
    folder: Path
    """Folder that it is started in: absolute."""
    collection: Path
    """The collection: absolute."""
    config: Path
    """Folder of the configuration: absolute."""
    sites: Sequence[str]
    """Sites; none for all."""
    minutes: int
    """Minutes between two starts: a divisor of 60."""
    about: Sequence[str]
    """A line for each site: its schedule, and when it is due next."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables of ours that are set where the job was made: its own shell will not have them."""
    defaults: bool = False
    """Whether the configuration has a ``defaults.yaml``."""

    def command(
        self, program: Sequence[str] = (), *, collection: str | None = None, config: str | None = None
    ) -> list[str]:
        """The command's words."""
        where = ["-C", collection or str(self.collection), "--config", config or str(self.config)]
        return [*(program or self.program), "crawl", "--due", "--quiet", *where, *self.sites]


def _cron_time(minutes: int, at: int = 0) -> str:
    """A crontab's five fields."""
    if minutes == HOUR:
        return f"{at} * * * *"
    return "* * * * *" if minutes == 1 else f"*/{minutes} * * * *"


def _about(job: Job) -> str:
    return "".join(f"# {line}\n" for line in job.about)


def crontab(job: Job) -> str:
    """A line for ``crontab -e``: cron mails whatever is printed, and nothing is unless something is wrong."""
    set_here = "".join(f"{name}={shlex.quote(value)} " for name, value in job.environment.items())
    line = f"cd {shlex.quote(str(job.folder))} && {set_here}{shlex.join(job.command())}"
    line = line.replace("%", "\\%")  # cron takes a bare % for a new line
    return f"{_about(job)}{_cron_time(job.minutes)} {line}\n"


def systemd(job: Job) -> str:
    """A service and a timer of the user's or of the system's."""
    words = " ".join(_unit_word(word) for word in job.command())
    set_here = "".join(f"Environment={_unit_word(f'{name}={value}')}\n" for name, value in job.environment.items())
    every = "*:00" if job.minutes == HOUR else "*:*" if job.minutes == 1 else f"*:0/{job.minutes}"
    return f"""{_about(job)}# ~/.config/systemd/user/pressmark.service
[Unit]
Description=Crawl the news sites that are due
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={_unit_path(job.folder)}
{set_here}ExecStart={words}
# 4 degraded, 5 blocked and 7 partial are told by the report; they are no reason to call the service failed
SuccessExitStatus=4 5 7 75
TimeoutStopSec=30
KillMode=mixed

# ~/.config/systemd/user/pressmark.timer
[Unit]
Description=Crawl the news sites that are due

[Timer]
OnCalendar={every}
Persistent=true

[Install]
WantedBy=timers.target

# then: systemctl --user daemon-reload && systemctl --user enable --now pressmark.timer && loginctl enable-linger
"""


def _unit_path(path: Path) -> str:
    return str(path).replace("%", "%%")


def _unit_word(word: str) -> str:
    """A word of ExecStart (systemd.service(5), "Command lines")."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if set(escaped) & set(" \t;'\"") or not escaped else escaped


def kubernetes(job: Job) -> str:
    """A CronJob with a volume for the collection and a ConfigMap for the configuration."""
    words = "".join(
        f"\n                - {_yaml(word)}"
        for word in job.command(["pressmark"], collection="/data", config="/config")[1:]
    )
    make = f"# kubectl create configmap pressmark-sites --from-file={shlex.quote(str(job.config / 'sites'))}\n"
    mount = volume = ""
    if job.defaults:
        file = shlex.quote(str(job.config / "defaults.yaml"))
        make += f"# kubectl create configmap pressmark-defaults --from-file={file}\n"
        mount = "\n                - {name: defaults, mountPath: /config/defaults.yaml, subPath: defaults.yaml, readOnly: true}"
        volume = "\n            - name: defaults\n              configMap: {name: pressmark-defaults}"
    variables = "".join(
        f"\n                - {{name: {name}, value: {_yaml(value)}}}" for name, value in job.environment.items()
    )
    set_here = f"\n              env:{variables}" if variables else ""
    return f"""{_about(job)}{make}apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: pressmark
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 100Gi
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: pressmark
spec:
  schedule: "{_cron_time(job.minutes)}"
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 300
  successfulJobsHistoryLimit: 1
  failedJobsHistoryLimit: 3
  jobTemplate:
    spec:
      backoffLimit: 0
      template:
        spec:
          restartPolicy: Never
          terminationGracePeriodSeconds: 30
          securityContext: {{runAsNonRoot: true, runAsUser: 10001, fsGroup: 10001}}
          containers:
            - name: pressmark
              image: pressmark:latest # built from the Dockerfile
              args:{words}{set_here}
              volumeMounts:
                - {{name: data, mountPath: /data}}
                - {{name: sites, mountPath: /config/sites, readOnly: true}}{mount}
          volumes:
            - name: data
              persistentVolumeClaim: {{claimName: pressmark}}
            - name: sites
              configMap: {{name: pressmark-sites}}{volume}
"""


def _yaml(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


def github(job: Job) -> str:
    """A workflow. Its clock is UTC and late by minutes; the collection is kept in the cache between runs, which GitHub may drop."""
    minutes = max(5, job.minutes)
    words = shlex.join(job.command(["pressmark"], collection="archive", config="config"))
    variables = ", ".join(f"{name}: {_yaml(value)}" for name, value in job.environment.items())
    set_here = f"\n        env: {{{variables}}}" if variables else ""
    return f"""{_about(job)}# .github/workflows/crawl.yml, in a repository that holds config/sites/
# For trials only: a cache is no archive. Keep a collection that matters on a disk of your own.
name: crawl
on:
  schedule:
    - cron: "{_cron_time(minutes, 7)}"
  workflow_dispatch:
concurrency: crawl
permissions:
  contents: read
jobs:
  crawl:
    runs-on: ubuntu-latest
    timeout-minutes: 350
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {{python-version: "3.12"}}
      - run: pip install pressmark
      - uses: actions/cache/restore@v4
        with: {{path: archive, key: "archive-${{{{ github.run_id }}}}", restore-keys: archive-}}
      - run: {words}{set_here}
      - uses: actions/cache/save@v4
        if: always()
        with: {{path: archive, key: "archive-${{{{ github.run_id }}}}"}}
"""


FORMS = {"cron": crontab, "systemd": systemd, "kubernetes": kubernetes, "github": github}
"""The forms by name."""
