"""Which files hold the configuration, and in which order what they say counts.

Command line over environment over the site's YAML over ``defaults.yaml`` over the defaults in the classes. Owns the search for the folder
and the names of the environment's variables. Reads files, never writes one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import urlsplit

from crawler import urls
from crawler.config import tree
from crawler.config.bind import bind, types_of
from crawler.config.contact import contact_file, kept_contact
from crawler.config.rules import ChromeRule, ExtractRules
from crawler.config.settings import Settings
from crawler.config.site import SiteConfig
from crawler.errors import ConfigError, UsageError
from crawler.layout import is_safe, safe_name

T = TypeVar("T")

BUNDLED = Path(__file__).resolve().parents[2] / "config"
"""The configuration that comes with Pressmark."""
FOLDER_VARIABLE = "PRESSMARK_CONFIG"
"""Environment variable that names the folder of the configuration."""
VARIABLES = {"PRESSMARK_CONTACT": "politeness.contact", "PRESSMARK_OPERATOR": "warc.operator"}
"""Environment variables that set a key for all sites."""
KNOWN = (FOLDER_VARIABLE, "PRESSMARK_COLLECTION", *VARIABLES)
"""All environment variables: $PRESSMARK_COLLECTION is what the command line's -C is without."""


def find_config(option: Path | None = None, env: Mapping[str, str] | None = None, here: Path = Path()) -> Path:
    """Return the folder of the configuration: ``option``, else $PRESSMARK_CONFIG, else ``config`` if it has sites, else the bundled one.

    Raises:
        ConfigError: the folder that was named does not exist.
    """
    named = (env if env is not None else os.environ).get(FOLDER_VARIABLE)
    for folder, source in ((option, "--config"), (Path(named) if named else None, f"${FOLDER_VARIABLE}")):
        if folder is not None:
            if not folder.is_dir():
                raise ConfigError(
                    f"{folder}: no such folder", hint=f"{source} names the folder that holds defaults.yaml and sites/."
                )
            return folder
    own = here / "config"
    return own if (own / "sites").is_dir() else BUNDLED


def load_settings(folder: Path | None = None, *, env: Mapping[str, str] | None = None) -> Settings:
    """Read ``defaults.yaml`` of a configuration; a folder without one has the defaults of the classes.

    Raises:
        ConfigError: the file is wrong.
    """
    path = find_config(folder, env) / "defaults.yaml"
    return bind(Settings, tree.read_file(path)) if path.exists() else Settings(version=1)


def load_site(
    key: str, folder: Path | None = None, *, env: Mapping[str, str] | None = None, overrides: Iterable[str] = ()
) -> SiteConfig:
    """Read one site, with the defaults, the environment and ``overrides`` ("key.path=value") laid over it.

    Raises:
        UsageError: there is no such site.
        ConfigError: a file, a variable or an override is wrong.
    """
    folder = find_config(folder, env)
    path = folder / "sites" / f"{key}.yaml"
    if not is_safe(key) or not path.is_file():
        known = [p.stem for p in _site_files(folder)]
        near = get_close_matches(key, known, 1)
        hint = f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(known) or 'none'}."
        raise UsageError(
            f"no site '{tree.printable(key)}' in {folder / 'sites'}", hint=f"{hint} docs/sites.md says how to add one."
        )
    return _finish(_read_site(path, load_settings(folder)), env, overrides)


def load_sites(
    folder: Path | None = None, *, env: Mapping[str, str] | None = None, overrides: Iterable[str] = ()
) -> dict[str, SiteConfig]:
    """Read all sites of a configuration, by key in order.

    Raises:
        ConfigError: something is wrong in one or more of the files; all are told.
    """
    folder, overrides = find_config(folder, env), tuple(overrides)
    return {key: _finish(site, env, overrides) for key, site in _read_all(folder)[1].items()}


def site_for_url(
    url: str, folder: Path | None = None, *, env: Mapping[str, str] | None = None, overrides: Iterable[str] = ()
) -> SiteConfig:
    """Make the site of a single URL: filed under its host, treated as the configured site of that host is, else by the defaults.

    Raises:
        PolicyError: nothing that can be requested.
        ConfigError: a file, a variable or an override is wrong.
    """
    asked, folder = urls.check(url), find_config(folder, env)
    key = safe_name(urls.domain(asked))
    settings, sites = _read_all(folder)
    for site in sites.values():
        if urls.same_site(asked, site.hosts):
            return _finish(replace(site, site=key), env, overrides)
    parts = urlsplit(asked)
    sections = {name: getattr(settings, name) for name in types_of(Settings) if name != "version"}
    return _finish(
        SiteConfig(version=1, site=key, home=f"{parts.scheme}://{parts.netloc}/", **sections), env, overrides
    )


def known_rules(folder: Path | None = None, *, env: Mapping[str, str] | None = None) -> dict[str, ExtractRules]:
    """Rules of all configured sites, by each site's key and by the keys under which single pages of its hosts are filed.

    Raises:
        ConfigError: a file is wrong.
    """
    _, sites = _read_all(find_config(folder, env))
    by_host = {safe_name(host.removeprefix("www.")): site.rules for site in sites.values() for host in site.hosts}
    return by_host | {key: site.rules for key, site in sites.items()}


def rules_on_trial(text: str, option: str = "--try") -> ExtractRules:
    """Rules given on the command line as a site's YAML has them: what stands under ``extract``, or one of its chrome rules by itself.

    Raises:
        ConfigError: not YAML, an unknown key, or a value that is not of its kind.
    """
    where = f"{option} {tree.printable(text)}"
    node = tree.parse_value(text, where)
    if isinstance(node, tree.Mapping) and "kind" in node.items:
        return ExtractRules(chrome=(bind(ChromeRule, node),))
    return bind(ExtractRules, node)


def apply_overrides(config: T, overrides: Iterable[str], option: str = "-s") -> T:
    """Lay settings given as "key.path=value" over ``config``, values as in YAML.

    Raises:
        ConfigError: an unknown key, or a value that is not of its kind.
    """
    for text in overrides:
        path, equals, value = text.partition("=")
        where = f"{option} {tree.printable(text)}"
        if not equals:
            raise ConfigError(f"{where}: no '='", hint="Write key.path=value, as in politeness.delay=5s.")
        config = _set(config, path.strip(), tree.parse_value(value, where), where)
    return config


def _finish(site: SiteConfig, env: Mapping[str, str] | None, overrides: Iterable[str]) -> SiteConfig:
    """Lay environment and command line over a site."""
    env = env if env is not None else os.environ
    for name in env:
        if name.startswith("PRESSMARK_") and name not in KNOWN and (near := get_close_matches(name, KNOWN, 1, 0.8)):
            raise ConfigError(f"${name}: unknown environment variable", hint=f"Did you mean {near[0]}?")
    for name, path in VARIABLES.items():
        if value := env.get(name):
            site = _set(site, path, tree.Scalar(f"${name}", value), f"${name}")
    if site.politeness.contact is None and (contact := kept_contact(env)):
        site = _set(site, "politeness.contact", tree.Scalar(str(contact_file(env)), contact), str(contact_file(env)))
    return apply_overrides(site, overrides)


def _set(config: T, path: str, node: tree.Node, where: str) -> T:
    """Lay one value over ``config``."""
    for key in reversed(path.split(".")):
        node = tree.Mapping(where, {key: (where, node)})
    return bind(type(config), node, config)


def _read_all(folder: Path) -> tuple[Settings, Mapping[str, SiteConfig]]:
    """Defaults and all sites of a folder. What was read is kept until a file changes: a list of URLs asks for each of its lines."""
    files = [p for p in (folder / "defaults.yaml", *_site_files(folder)) if p.exists()]
    stats = [p.stat() for p in files]
    return _read_files(
        folder, tuple((str(p), s.st_mtime_ns, s.st_size, s.st_ino) for p, s in zip(files, stats, strict=True))
    )


@lru_cache(maxsize=4)
def _read_files(
    folder: Path, _stamp: tuple[tuple[str, int, int, int], ...]
) -> tuple[Settings, Mapping[str, SiteConfig]]:
    settings = load_settings(folder)
    sites: dict[str, SiteConfig] = {}
    errors: list[ConfigError] = []
    for path in _site_files(folder):
        try:
            sites[path.stem] = _read_site(path, settings)
        except ConfigError as error:
            errors.append(error)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise ConfigError("\n".join(map(str, errors)))
    return settings, MappingProxyType(sites)


def _site_files(folder: Path) -> list[Path]:
    """Files of the sites, by name."""
    found = sorted(p for p in (folder / "sites").glob("*.y*ml") if not p.name.startswith("."))
    if odd := next((p for p in found if p.suffix != ".yaml"), None):
        raise ConfigError(f"{odd}:1: a site's file ends in .yaml", hint=f"Call it {odd.stem}.yaml.")
    return found


def _read_site(path: Path, settings: Settings) -> SiteConfig:
    node = tree.read_file(path)
    site = bind(SiteConfig, node, settings)
    if site.site != path.stem:
        raise ConfigError(
            f"{node.items['site'][0]}: site: '{site.site}' is not the file's name",
            hint=f"Write '{path.stem}', or call it {site.site}.yaml.",
        )
    return site
