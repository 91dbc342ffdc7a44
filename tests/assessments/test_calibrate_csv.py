"""The command `calibrate_csv`: what it prints, and that no file makes it crash or print NaN."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

DATA = Path(__file__).parents[1] / "data" / "psychometrics"
MODELS = ["rasch", "1pl", "2pl", "grm"]


def run(path: Path, model: str, *words: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    call_command("calibrate_csv", path, "--model", model, *words)
    out = capsys.readouterr().out

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} in the JSON")

    facts: dict[str, Any] = json.loads(out, parse_constant=refuse)
    return facts


@pytest.fixture
def written(tmp_path: Path) -> Any:
    def write(text: str | bytes) -> Path:
        path = tmp_path / "answers.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def table(*, people: int = 60, items: int = 4, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    ability = rng.normal(size=(people, 1))
    return (rng.random((people, items)) < 1 / (1 + np.exp(-ability - rng.normal(0, 0.5, items)))).astype(int)


def text_of(cells: np.ndarray, header: str | None = None) -> str:
    names = header or ",".join(f"Q{place}" for place in range(cells.shape[1]))
    return "\n".join([names, *(",".join(map(str, row)) for row in cells)]) + "\n"


def test_rasch_prints_what_was_promised(capsys: pytest.CaptureFixture[str]) -> None:
    facts = run(DATA / "LSAT6_patterns.csv", "rasch", "--se", "--scores", capsys=capsys)
    assert list(facts) == ["model", "n", "loglik", "variance", "converged", "items", "scores", "warnings"]
    assert (facts["model"], facts["n"], facts["converged"], facts["warnings"]) == ("rasch", 1000, True, [])
    assert facts["loglik"] == pytest.approx(-2466.9376, abs=1e-4)
    assert facts["variance"] == pytest.approx(0.570237, abs=1e-3)
    assert list(facts["items"][0]) == ["item", "a", "d", "b", "se_a", "se_d"]
    assert facts["items"][0]["b"] == pytest.approx(-2.730016, abs=1e-3)
    assert facts["items"][0]["se_a"] is None
    assert list(facts["scores"][0]) == ["pattern", "eap", "psd", "wle", "se_wle"]
    assert facts["scores"][0]["pattern"] == [0, 0, 0, 0, 0]
    assert facts["scores"][0]["wle"] == pytest.approx(-4.265129, abs=1e-3)
    assert len(facts["scores"]) == 30


def test_2pl_without_options_says_no_errors_and_no_scores(capsys: pytest.CaptureFixture[str]) -> None:
    facts = run(DATA / "LSAT7_patterns.csv", "2pl", capsys=capsys)
    assert "variance" not in facts
    assert facts["scores"] == []
    assert list(facts["items"][1]) == ["item", "a", "d", "b"]
    assert facts["items"][1]["item"] == "Item.2"
    assert facts["items"][1]["b"] == pytest.approx(-0.747541, abs=1e-3)


def test_graded_items_have_numbered_steps_and_patterns_as_written(capsys: pytest.CaptureFixture[str]) -> None:
    facts = run(DATA / "Science_ltm_data.csv", "grm", "--se", "--scores", "--nodes", "81", capsys=capsys)
    steps = ["d1", "d2", "d3", "b1", "b2", "b3", "se_a", "se_d1", "se_d2", "se_d3"]
    assert list(facts["items"][0]) == ["item", "a", *steps]
    assert facts["items"][0]["b1"] == pytest.approx(-4.672812, abs=2e-3)
    assert facts["scores"][0]["pattern"] == [4, 4, 3, 2]


@pytest.mark.parametrize("model", MODELS)
def test_one_or_zero_may_be_the_lowest_category(model: str, written: Any, capsys: pytest.CaptureFixture[str]) -> None:
    cells = table()
    from_zero = run(written(text_of(cells)), model, "--scores", capsys=capsys)
    from_one = run(written(text_of(cells + 1)), model, "--scores", capsys=capsys)
    assert from_one["items"] == from_zero["items"]
    assert from_one["scores"][0]["pattern"] == [cell + 1 for cell in from_zero["scores"][0]["pattern"]]


def test_empty_is_not_administered(written: Any, capsys: pytest.CaptureFixture[str]) -> None:
    cells = table().astype(str)
    cells[::3, 1] = ""
    cells[5] = ""
    facts = run(written(text_of(cells)), "2pl", "--scores", capsys=capsys)
    assert facts["n"] == 60
    assert facts["warnings"] == ["Some rows are empty: they are counted in n and change no estimate."]
    assert facts["scores"][0]["pattern"][1] is None
    blank = next(score for score in facts["scores"] if score["pattern"] == [None] * 4)
    assert (blank["eap"], blank["wle"]) == (pytest.approx(0, abs=1e-9), None)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("written_as", [(1, 2), (0, 2), (2, 5)])
def test_two_answers_are_two_categories_whatever_their_numbers(
    model: str, written_as: tuple[int, int], written: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """One item of a file that has 0 and 1 elsewhere."""
    cells = table()
    usual = run(written(text_of(cells)), model, "--scores", capsys=capsys)
    first = cells[0, 1]
    cells[:, 1] = np.where(cells[:, 1] == 1, written_as[1], written_as[0])
    other = run(written(text_of(cells)), model, "--scores", capsys=capsys)
    assert other["items"] == usual["items"]
    assert other["scores"][0] | {"pattern": None} == usual["scores"][0] | {"pattern": None}
    assert other["scores"][0]["pattern"][1] == written_as[first]


def test_empty_lines_before_the_header_and_between_people_are_no_people(
    written: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    text = text_of(table())
    spaced = run(written("\n\n" + text.replace("\n", "\n\n")), "rasch", capsys=capsys)
    assert spaced == run(written(text), "rasch", capsys=capsys)


def test_any_terminal_can_print_any_name(written: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(text_of(table(), "窗口,一次性告知,Q3,Q4"))
    call_command("calibrate_csv", path, "--model", "rasch")
    out = capsys.readouterr().out
    assert out.isascii()
    assert json.loads(out)["items"][1]["item"] == "一次性告知"


@pytest.mark.parametrize("start", [b"\xef\xbb\xbf", b""])
def test_files_of_spreadsheets_are_read(start: bytes, written: Any, capsys: pytest.CaptureFixture[str]) -> None:
    lines = text_of(table(), "窗口,一次性告知,Q3,Q4").replace("\n", "\r\n")
    facts = run(written(start + lines.encode()), "rasch", capsys=capsys)
    assert [item["item"] for item in facts["items"]] == ["窗口", "一次性告知", "Q3", "Q4"]


def constant() -> np.ndarray:
    cells = table()
    cells[:, 2] = 1
    return cells


def one_response() -> np.ndarray:
    cells = table().astype(object)
    cells[1:, 2] = ""
    return cells


def test_constant_items_are_null_and_named(written: Any, capsys: pytest.CaptureFixture[str]) -> None:
    for cells in (constant(), one_response()):
        for model in MODELS:
            facts = run(written(text_of(cells)), model, "--se", "--scores", capsys=capsys)
            assert facts["converged"]
            assert all(value is None for name, value in facts["items"][2].items() if name != "item")
            assert "same answer to Q2" in facts["warnings"][0]
            assert all(score["wle"] is not None for score in facts["scores"])


def test_all_right_people_alone_are_nothing_to_estimate(written: Any, capsys: pytest.CaptureFixture[str]) -> None:
    facts = run(written(text_of(np.ones((30, 3), dtype=int))), "rasch", "--se", "--scores", capsys=capsys)
    assert not facts["converged"]
    assert facts["loglik"] is None
    assert facts["variance"] is None
    assert facts["items"][0] == {"item": "Q0", "a": None, "d": None, "b": None, "se_a": None, "se_d": None}
    assert "nothing to estimate" in facts["warnings"][-1]


def test_all_right_among_others_has_a_finite_score(written: Any, capsys: pytest.CaptureFixture[str]) -> None:
    cells = table()
    cells[0] = 1
    facts = run(written(text_of(cells)), "2pl", "--scores", capsys=capsys)
    assert facts["scores"][0]["wle"] > facts["scores"][0]["eap"] > 0


def test_disconnected_blocks_are_said(written: Any, capsys: pytest.CaptureFixture[str]) -> None:
    cells = table(people=200, items=6).astype(object)
    cells[:100, :3] = ""
    cells[100:, 3:] = ""
    facts = run(written(text_of(cells)), "rasch", capsys=capsys)
    assert sum("share nobody" in warning for warning in facts["warnings"]) == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        (",,\n,,\n", "empty"),
        ("a,b\n", "no rows"),
        ("a,b\n1,hello\n0,1\n", "Column b: line 2: 'hello'"),
        ("a,b\n1,0.5\n", "whole number"),
        ("a,b\n1,-1\n", "whole number"),
        ("a,b\n1,nan\n", "whole number"),
        ("a,b\n1,inf\n", "whole number"),
        ("a,b\n1,99\n", "whole number from 0 to 20"),
        ("a,a\n1,0\n", "names a more than once"),
        ("a,\n1,0\n", "Column 2 has no name"),
        ("freq\n3\n", "no item"),
        ("freq,a\n3,1\n", "must be the last"),
        ("a,b,freq\n1,0,-2\n", "Line 2, column freq"),
        ("a,b,freq\n1,0,many\n", "Line 2, column freq"),
        ("a,b,freq\n1,0,0\n", "nobody answered"),
        ("a,b\n1,0\n1\n", "Line 3 has 1 cells, the header has 2"),
        ("a;b\n1;0\n", "commas"),
        ("a,b\n1,0\n2,1\n3,0\n", "more than two categories in a. Take"),
        ('a,b\n"1,0\n' + "0,1\n" * 40_000, "a quotation mark is left open"),
        ('"a\nb",c\n1,0\n0,x\n', "line 4: 'x'"),
        (b"PK\x03\x04\x00\x00", "not text"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(content: str | bytes, sentence: str, written: Any) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("calibrate_csv", written(content), "--model", "2pl")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("calibrate_csv", tmp_path / "nothing.csv", "--model", "2pl")


@pytest.mark.parametrize("nodes", ["6", "1002"])
def test_senseless_nodes_are_refused(nodes: str, written: Any) -> None:
    with pytest.raises(CommandError, match="--nodes"):
        call_command("calibrate_csv", written(text_of(table())), "--model", "2pl", "--nodes", nodes)


CELLS = st.sampled_from(["0", "1", "1", "2", "", ""])


@given(
    rows=st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1)),
    model=st.sampled_from(MODELS),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_small_table_gives_json_or_a_sentence(
    rows: list[list[str]], model: str, written: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(text_of(np.array(rows)))
    try:
        facts = run(path, model, "--se", "--scores", capsys=capsys)
    except CommandError as error:
        assert str(error)  # noqa: PT017 -- either outcome is right, and both are looked at
    else:
        assert facts["n"] >= 1


HUGE = """I0,I1,I2,I3,I4,freq
3,,,2,,1000
,,2,2,3,5
2,,2,,,1000000000
1,0,2,,3,5
2,3,0,0,,5
3,1,0,0,1,1000
2,,1,,0,1
0,,,3,,5
1,,0,1,3,5
0,3,3,,,5
3,,0,,3,5
0,3,1,,0,1
0,1,1,2,1,1000
2,2,1,,1,0
3,1,3,2,1,1000
0,1,,3,,1
,,1,,3,1000000000
,1,0,,,1000
,,3,,3,1000
,3,1,0,,5
,2,,2,,1
3,,,2,,1000000000
"""


@pytest.mark.parametrize("nodes", ["7", "40", "46"])
def test_a_pattern_of_a_thousand_million_people_is_no_crash(
    nodes: str, written: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the way a step lies so far out that nobody is near it and the information of its item cannot be inverted."""
    facts = run(written(HUGE), "grm", "--se", "--nodes", nodes, capsys=capsys)
    assert facts["n"] > 3e9


def test_a_hundred_thousand_rows(written: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Seed 3; 8 items, 30 % blank: 100,000 rows, 3^8 patterns at most."""
    cells = table(people=100_000, items=8, seed=3).astype("U1")
    cells[np.random.default_rng(4).random(cells.shape) < 0.3] = ""
    facts = run(written(text_of(cells)), "rasch", "--se", "--scores", capsys=capsys)
    assert facts["n"] == 100_000
    assert facts["converged"]
    assert facts["variance"] == pytest.approx(1, abs=0.05)
