"""Reads the audit trail against its seals."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from training.operations import verification


class Command(BaseCommand):
    """Name every altered, missing or inserted event and seal; fails when there is one."""

    help = "Check the audit trail against its chain of seals."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", action="store_true", help="print the newest seal's number and digest")
        parser.add_argument("--expect", metavar="DIGEST", help="fail unless this digest is in the chain")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")

    def handle(self, *args: Any, head: bool, expect: str | None, json: bool, **options: Any) -> None:
        if head:
            self._print_head()
            return
        found = [finding.as_json() if json else str(finding) for finding in verification.findings()]
        if expect and not verification.is_in_chain(expect):
            lost = f"the digest {expect} is in no seal: the chain was written anew"
            found.append({"what": lost} if json else lost)
        self._print(found, as_json=json)
        if found:
            raise CommandError(f"The audit trail does not verify: {len(found)} findings.")

    def _print_head(self) -> None:
        newest = verification.head()
        if newest is None or not newest.number:
            raise CommandError("Nothing is sealed yet: the tick seals every minute.")
        self.stdout.write(str(newest))

    def _print(self, found: list[Any], *, as_json: bool) -> None:
        newest, waiting = verification.head(), verification.unsealed()
        if as_json:
            facts = {"findings": found, "seals": newest.number if newest else 0, "unsealed": waiting}
            self.stdout.write(json.dumps(facts, indent=2))
            return
        for line in found:
            self.stdout.write(line)
        if not found:
            self.stdout.write(
                f"The audit trail verifies. Newest seal {newest or 'none'}; {waiting} events wait for one."
            )
