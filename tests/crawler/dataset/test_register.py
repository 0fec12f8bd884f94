"""The register of datasets: which captures each holds, site by site."""

from crawler.dataset.lookup import sites_at
from crawler.dataset.register import Handed, holders, register_dataset
from crawler.layout import CollectionLayout
from tests.crawler.dataset.made import article, fill
from tests.crawler.dataset.test_export import make


def test_each_site_notes_the_captures_that_a_dataset_holds_though_those_of_the_first_rows_stand_apart(tmp_path):
    layout = CollectionLayout(tmp_path / "archive")
    for site in ("one", "two"):
        # the last rows fill columns that the others do not, and so come first
        rich = {"one": {"tags": ["a"]}, "two": {"section": "b"}}[site]
        fill(layout.site(site), [*(article(n, site=site) for n in range(5)), article(5, site=site, **rich)])
    made = make(tmp_path / "out", *sites_at(layout.root))
    (layout.site("one").root / "exports").mkdir()
    (layout.site("one").root / f"exports/{made.fingerprint[:16]}.ids.gz.new").write_bytes(b"half of a killed export's")
    for _ in range(2):  # the same dataset may be made again
        register_dataset(sites_at(layout.root), made.path, sha256=made.fingerprint, at="2026-12-01T00:00:00Z")
    for site in sites_at(layout.root):
        held = [article(n, site=site.site).id for n in range(6)]
        entry = Handed(at="2026-12-01T00:00:00Z", kind="dataset", path=str(made.path), sha256=made.fingerprint, captures=6,
                       ids=f"{made.fingerprint[:16]}.ids.gz")  # fmt: skip
        assert list(holders(site, held)) == [(entry, 6)] * 2
        assert not list(holders(site, ["urn:uuid:other"]))
