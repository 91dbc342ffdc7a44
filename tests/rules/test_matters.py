"""What counts as a change of a matter."""

from training.matters.rules import in_one_language, still_translated

LANGUAGES = ("en", "zh-hans")


def test_texts_become_the_text_of_one_language_wherever_they_stand() -> None:
    content = {
        "name": {"en": "Card", "zh-hans": "卡"},
        "rows": [{"text": {"zh-hans": "只有中文"}, "days": 2}],
        "none": {},
    }
    assert in_one_language(content, "en", LANGUAGES) == {"name": "Card", "rows": [{"text": "", "days": 2}], "none": ""}


def test_a_mapping_with_other_keys_is_not_taken_for_texts() -> None:
    content = {"before": 3, "en": "x"}
    assert in_one_language(content, "en", LANGUAGES) == content


def test_a_translation_stays_only_of_a_text_that_stays() -> None:
    old = {"en": "Wait", "zh-hans": "等候"}
    assert still_translated(old, "en", "Wait") == old
    assert still_translated(old, "en", "Wait in turn") == {"en": "Wait in turn"}
    assert still_translated({}, "en", "Wait") == {"en": "Wait"}
