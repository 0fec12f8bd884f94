"""CITATION.cff: how to cite an export (Citation File Format 1.2.0)."""

from __future__ import annotations

from crawler.dataset.portrait import Portrait
from crawler.dataset.yamltext import to_yaml


def citation_cff(portrait: Portrait) -> str:
    """The file."""
    plan = portrait.plan
    return to_yaml(
        {
            "cff-version": "1.2.0",
            "message": "If you use this dataset, please cite it as below.",
            "type": "dataset",
            "title": portrait.title,
            "abstract": portrait.summary,
            "authors": [{"name": name} for name in portrait.creators],
            "date-released": f"{plan.made_at:%Y-%m-%d}",
            "version": f"{plan.made_at:%Y-%m-%d}",
            "identifiers": [
                {
                    "type": "other",
                    "value": f"sha256:{portrait.fingerprint}",
                    "description": "SHA-256 of manifest-sha256.txt: it fixes every byte of the data",
                }
            ],
            **({"license": plan.licence} if plan.licence else {}),
        }
    )


def citation_text(portrait: Portrait) -> str:
    """A line for a list of references."""
    plan = portrait.plan
    return (
        f"{'; '.join(portrait.creators)} ({plan.made_at:%Y}): {portrait.title}. "
        f"Dataset, {plan.made_at:%Y-%m-%d}, made with {plan.software}. "
        f"sha256:{portrait.fingerprint}"
    )
