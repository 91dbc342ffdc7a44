"""Calibrates the items of a CSV file of answers and prints the result as JSON."""

import argparse
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.scoring.calibration import Model, calibrate
from assessments.scoring.datafile import DataFileError, read_file
from assessments.scoring.report import calibration_facts, listed

FEWEST_NODES, MOST_NODES = 7, 1001


class Command(BaseCommand):
    """Touches no database; what cannot be estimated is null and said in `warnings`."""

    help = (
        "Calibrate the items of FILE (header row, one row per person, empty = not administered, optional last column "
        "freq = number of people with that pattern) by plain maximum likelihood, and print one JSON object."
    )
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--model", required=True, choices=[model.value for model in Model])
        parser.add_argument("--se", action="store_true", help="standard errors, from the observed information")
        parser.add_argument("--scores", action="store_true", help="EAP and WLE of every different pattern")
        parser.add_argument("--nodes", type=int, metavar="N", help="nodes of the integral; 61, or 121 where a > 3")

    def handle(self, *args: Any, **options: Any) -> None:
        nodes = options["nodes"]
        if nodes is not None and not FEWEST_NODES <= nodes <= MOST_NODES:
            raise CommandError(f"--nodes takes a number from {FEWEST_NODES} to {MOST_NODES}.")
        path, model = options["file"], Model(options["model"])
        try:
            data = read_file(path)
        except DataFileError as error:
            raise CommandError(f"{path}: {error}") from None
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
        if model is not Model.GRADED and (wide := data.with_more_than_two_categories):
            raise CommandError(f"{path}: more than two categories in {listed(wide)}. Take --model grm.")
        result = calibrate(data.responses, model, nodes=nodes, errors=options["se"])
        facts = calibration_facts(data, result, errors=options["se"], scores=options["scores"])
        # names outside ASCII are escaped, so that it can be printed to any terminal and read by any program
        self.stdout.write(json.dumps(facts, allow_nan=False))
