"""Our scripts are joined where files are collected; what cannot be joined stops the collecting."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from training.lib.staticfiles import Joined, JoiningStaticFilesStorage

PART = """export const NAME = "part";
const SECRET = 1;
export async function add(to) {
  return to + SECRET;
}
"""
OTHER = """import { NAME } from "./part.js";
const SECRET = 2;
export class Other {
  name = NAME + SECRET;
}
"""
ENTRY = """import { Other } from "./parts/other.js";
import { NAME, add } from "./parts/part.js";
import "./beside.js";
const SECRET = 3;
console.log(NAME, add(SECRET), new Other().name);
"""


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    folder = tmp_path / "ours"
    (folder / "js" / "parts").mkdir(parents=True)
    (folder / "js" / "entry.js").write_text(ENTRY)
    (folder / "js" / "beside.js").write_text("globalThis.beside = true;\n")
    (folder / "js" / "parts" / "part.js").write_text(PART)
    (folder / "js" / "parts" / "other.js").write_text(OTHER)
    return folder


def joined(folder: Path, path: str) -> str:
    return Joined(FileSystemStorage(folder)).open(path).read().decode()


def test_a_script_comes_with_each_module_once_and_in_the_order_of_need(ours: Path) -> None:
    text = joined(ours, "js/entry.js")
    assert "import" not in text
    assert "export" not in text
    part, other, beside, end = map(
        text.index, ['NAME = "part"', "class Other", "globalThis.beside", "console.log(NAME, add(SECRET)"]
    )
    assert part < other < beside < end
    assert text.count("async function add") == 1
    assert "return { NAME, add };" in text
    assert "const { NAME, add } = js_parts_part_js;" in text


@pytest.mark.parametrize("line", ['import * as all from "./parts/part.js";', "export default 1;", "export { SECRET };"])
def test_what_cannot_be_joined_is_refused(ours: Path, line: str) -> None:
    (ours / "js" / "entry.js").write_text(f"{line}\n")
    with pytest.raises(ValueError, match="cannot be joined"):
        joined(ours, "js/entry.js")


def test_a_change_of_a_part_changes_the_name_of_what_imports_it(ours: Path, tmp_path: Path) -> None:
    def collected(folder: str) -> dict[str, str]:
        storage = JoiningStaticFilesStorage(location=tmp_path / folder)
        paths = {str(file.relative_to(ours)): file for file in ours.rglob("*.*")}
        (tmp_path / folder).mkdir()
        for path, file in paths.items():
            storage.save(path, ContentFile(file.read_bytes()))
        here = FileSystemStorage(ours)
        assert list(storage.post_process({path: (here, path) for path in paths}))
        return storage.hashed_files

    before = collected("before")
    (ours / "js" / "parts" / "part.js").write_text(PART.replace("SECRET = 1", "SECRET = 4"))
    after = collected("after")
    changed = {name for name in after if before[name] != after[name]}
    assert changed == {"js/entry.js", "js/parts/part.js"}
    assert "SECRET = 4" in (tmp_path / "after" / after["js/entry.js"]).read_text()
