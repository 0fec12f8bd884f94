"""Tell how the last crawls went: alarms, articles a day, sources, edits, and what gave no row and why.

Exit code 4 if the last run of a site had an alarm, else 0. report.json in the run's folder has all of it for machines.

  pressmark report
  pressmark report kyivindependent
  pressmark report --html > report.html
"""

from __future__ import annotations

import argparse
import json

from crawler.dataset.lookup import sites_called
from crawler.errors import Exit
from crawler.record import utc
from crawler.report.account import account
from crawler.report.account_html import account_page
from crawler.report.account_text import account_lines
from crawler.report.terminal import plain


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("site", nargs="*", metavar="SITE", help="only these sites (default: all of the collection)")
    parser.add_argument("--run", dest="run_id", metavar="RUN", help="tell this run in full, not the last one")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="print a line of JSON a site")
    how.add_argument("--html", action="store_true", help="write one page that needs no network")


def run(args: argparse.Namespace) -> int:
    """Tell; exit 4 if there is an alarm."""
    now = args.clock()
    sites = [site for site in sites_called(args.collection, args.site) if site.ledger.exists()]
    accounts = [account(site, now, args.run_id) for site in sites]
    if args.html:
        print(account_page(accounts, utc(now.replace(microsecond=0))), end="")
    for each in accounts if not args.html else ():
        print(json.dumps(each.to_dict(), ensure_ascii=False) if args.json else plain("\n".join(account_lines(each))))
    alarms = (alarm for each in accounts for alarm in each.report.get("alarms", ()))
    return Exit.DEGRADED if any(alarm.get("degrades", True) for alarm in alarms) else Exit.DONE
