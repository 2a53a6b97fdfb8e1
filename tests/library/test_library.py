"""The library: read once, complete, and true to the tone of the product."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest

from coach_data import library
from coach_data.model import Measure

OFF_TONE = re.compile(
    r"\b(scor\w*|fail\w*|bad|badly|should have|streaks?|rank\w*|gaming|gamed|caus(e|es|ed|ing))\b",
    re.IGNORECASE,
)
EMOJI = re.compile("[\U0001f000-\U0001ffff\u2600-\u27bf\u2b50-\u2b55\ufe0f]")
CLOSED = re.compile(
    r"(do|does|did|is|are|am|was|were|can|could|will|would|have|has|had|should|shall|may|might"
    r"|must|don't|isn't|aren't|won't)\b",
    re.IGNORECASE,
)


def off_tone(text: str) -> str | None:
    """What in ``text`` is not the voice of this product, if anything."""
    found = OFF_TONE.search(text) or EMOJI.search(text) or re.search("!", text)
    return found.group() if found else None


def closed(question: str) -> bool:
    """Whether it asks for yes or no, as a whole or in its last sentence, or asks nothing."""
    last = re.split(r"[.:;?]\s+", question)[-1]
    return bool(CLOSED.match(question) or CLOSED.match(last)) or not question.endswith("?")


def texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every string inside a library value, with the way to it."""
    if is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, tuple | frozenset):
        for item in value:
            yield from texts(item, path)
    elif type(value) is str:
        yield path, value


def test_vague_words_are_lower_case_and_listed_once() -> None:
    lists = (library.vague().words, library.vague().activities, library.vague().inner_states)
    assert all(word == word.lower().strip() for words in lists for word in words)
    assert sum(map(len, lists)) == len(frozenset().union(*lists))
    assert "better" in library.vague().words
    assert "attend" in library.vague().activities
    assert "feel" in library.vague().inner_states


# --- wording ---------------------------------------------------------------------------------------

STATES = ("towards", "usual", "away", "nothing", "learning", "trial", "missing", "no_aim")
VAGUE = ("no_number", "no_date", "no_baseline", "not_observable", "activity", "vague_word")
PROMISED = [
    *(f"compass.{what}.{state}" for what in ("state", "question") for state in STATES),
    *(f"compass.{name}" for name in ("signal.up", "signal.down", "empty", "private", "legend")),
    *(f"today.{name}" for name in ("empty", "saved", "saved_nothing", "median", "backfill")),
    *(f"outcome.vague.{name}" for name in VAGUE),
    *(f"outcome.{name}" for name in ("nudge_one_or_two", "six_refused", "uncontrollable")),
    *(f"outcome.{name}" for name in ("controllable_question", "lag_help", "keystone_help")),
    *(f"outcome.{name}" for name in ("guard_help", "aim_help")),
    *(f"welcome.{name}" for name in ("what", "promise", "local_mode", "sample", "own")),
    "errors.unknown",
]
SENTENCES = [key for key, text in library.wording().items() if isinstance(text, str)]


@pytest.mark.parametrize("key", sorted({*PROMISED, *SENTENCES}))
def test_every_sentence_renders(key: str) -> None:
    template = library.wording()[key]
    assert isinstance(template, str)
    names = library.placeholders(template)
    assert all(re.fullmatch("[a-z_]+", name) for name in names)
    said = library.words(key, **dict.fromkeys(names, "<7>"))
    assert said.count("<7>") == len(re.findall(r"\{\w+\}", template))
    assert not re.search(r"[{}*_#`$\[\]]", said), "plain text, no markdown"
    if names:
        with pytest.raises(KeyError, match=f"{key}.*{names[0]}"):
            library.words(key)


def test_a_missing_key_is_named() -> None:
    with pytest.raises(KeyError, match=r"compass\.nowhere"):
        library.words("compass.nowhere")
    with pytest.raises(KeyError, match=r"compass\.nowhere"):
        library.word_list("compass.nowhere")
    with pytest.raises(KeyError, match=r"today\.skip_reasons"):
        library.words("today.skip_reasons")
    with pytest.raises(KeyError, match=r"today\.empty"):
        library.word_list("today.empty")


def test_a_value_with_brackets_stays_as_it_is() -> None:
    assert "{due}" in library.words("outcome.vague.vague_word", word="{due}")


def test_compass_lines_are_short() -> None:
    for state in STATES:
        assert len(library.words(f"compass.question.{state}")) <= 90
        assert len(library.words(f"compass.state.{state}", known=99, needed=99)) <= 45


def test_skip_reasons_fit_and_end_with_something_else() -> None:
    reasons = library.word_list("today.skip_reasons")
    assert reasons == (
        "ill", "on leave", "no occasion today", "forgot to count", "something else",
    )  # fmt: skip


def test_errors_say_what_was_kept() -> None:
    for key in SENTENCES:
        if key.startswith("errors."):
            assert "othing was saved" in str(library.wording()[key]), key


def test_the_outcome_is_read_back_without_what_is_missing() -> None:
    whole = library.outcome_sentence(
        indicator="Hand-overs with a question",
        baseline="2 a day",
        target="0.5 a day",
        due="30 June",
        difference="work keeps moving.",
        noticed_by="my team",
    )
    assert whole == (
        "Hand-overs with a question: from 2 a day to 0.5 a day by 30 June. "
        "What will be different: work keeps moving. Who would notice: my team."
    )
    assert library.outcome_sentence(due="30 June") == "The number that shows it: by 30 June."
    assert library.outcome_sentence(indicator="Calls", target="3") == "Calls: to 3."
    assert library.outcome_sentence(indicator="Calls") == "Calls."
    assert library.outcome_sentence(noticed_by=" ") == ""


# --- tone ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["Well done!", "A bad day", "You failed", "Rank 3", "It caused this", "Nice \U0001f600"]
)
def test_the_tone_check_hears_a_wrong_note(text: str) -> None:
    assert off_tone(text)


@pytest.mark.parametrize("text", ["because of this", "a badge", "prank", "underscore", "outscore"])
def test_the_tone_check_leaves_ordinary_words_alone(text: str) -> None:
    assert off_tone(text) is None


@pytest.mark.parametrize(
    "question", ["Did it work?", "What now? Is it fine?", "Tell me.", "Looking back: was it easy?"]
)
def test_closed_questions_are_heard(question: str) -> None:
    assert closed(question)


def everything() -> list[tuple[str, str]]:
    """Each text of the library with the way to it; not what is quoted (phrases, titles)."""
    said = [(key, line) for key, text in library.wording().items() for _, line in texts((text,))]
    sprints = tuple(sprint for role in library.roles() for sprint in library.experiments(role))
    for name, part in {
        "areas": tuple(area for role in library.roles() for area in library.areas(role)),
        "questions": tuple(GROUPS),
        "traps": library.traps(),
        "experiments": sprints,
        "growth": library.growth(),
        "ethics": library.ethics(),
        "consents": library.consents(),
        "reading": library.reading(),
    }.items():
        found = list(texts(part, name))
        assert found, name
        said += found
    return [(path, text) for path, text in said if not path.endswith((".instead_of", ".title"))]


def test_the_library_keeps_the_tone() -> None:
    said = everything()
    assert len(said) > 650, "the walk reaches the texts"
    assert [(path, text, off_tone(text)) for path, text in said if off_tone(text)] == []


def test_texts_are_plain_and_tidy() -> None:
    for path, text in everything():
        assert text == text.strip(), path
        said = re.sub(r"\{\w+\}", "X", text)
        assert not re.search(r"  |[*_#`$\[\]]", said), (path, text)


# --- coaching --------------------------------------------------------------------------------------

PARTS = ("looking back", "reading the compass", "exploring", "commitment")
TRAPS = ("metric fixation", "set and forget")
GROUPS = [library.questions(key) for key in (*PARTS, *TRAPS)]


def test_a_session_has_four_parts_in_thirty_minutes() -> None:
    parts = library.session_parts()
    assert tuple(part.key for part in parts) == PARTS
    assert [part.minutes for part in parts] == [5, 10, 10, 5]
    with pytest.raises(KeyError, match="small talk"):
        library.questions("small talk")


def test_no_question_is_closed_long_or_asked_twice() -> None:
    asked = [line for group in GROUPS for line in group.questions]
    assert all(len(group.questions) >= 8 for group in GROUPS)
    asked += [line for trap in library.traps() for line in trap.questions]
    assert len(set(asked)) == len(asked)
    assert [line for line in asked if closed(line) or len(line) > 110] == []
    leading = re.compile(r"n't (you|it|that)|right\?$|why did|agree that", re.IGNORECASE)
    assert [line for line in asked if leading.search(line)] == []


def test_what_the_compass_asks_is_open() -> None:
    asked = [library.words(f"compass.question.{state}") for state in STATES]
    open_ones = [line for line in asked if line.endswith("?")]
    assert len(open_ones) >= 6
    assert [line for line in open_ones if closed(line)] == []


def test_both_traps_have_a_way_out() -> None:
    assert tuple(trap.key for trap in library.traps()) == TRAPS
    for trap in library.traps():
        assert min(len(trap.signs), len(trap.recovery), len(trap.questions)) >= 3


def test_sprints_belong_to_an_area_and_can_be_logged() -> None:
    keys: list[str] = []
    for role in library.roles():
        areas = {area.key for area in library.areas(role)}
        sprints = library.experiments(role)
        assert len(sprints) >= 6
        assert {sprint.area for sprint in sprints} == areas
        keys += [sprint.key for sprint in sprints]
        for sprint in sprints:
            measure = sprint.measure
            assert measure.low < measure.high
            if measure.measure is Measure.RATING:
                assert (measure.low, measure.high) == (1, 5)
            assert re.search(r"\d|one|two|three|four|five|six|seven|quarter", sprint.success_rule)
    assert len(set(keys)) == len(keys)
    with pytest.raises(KeyError, match="astronaut"):
        library.experiments("astronaut")


def test_growth_wording_offers_something_else() -> None:
    assert len(library.growth()) >= 12
    assert all(phrase.say != phrase.instead_of for phrase in library.growth())
    assert len({phrase.instead_of for phrase in library.growth()}) == len(library.growth())
    assert sum(bool(off_tone(phrase.instead_of)) for phrase in library.growth()) >= 3


def test_ethics_names_what_was_promised() -> None:
    told = " ".join(f"{line.name} {line.text}" for line in library.ethics()).lower()
    for promise in ("stays here", "review", "consent", "power", "erased", "lead"):
        assert promise in told


def test_reading_is_dated_and_covers_four_topics() -> None:
    works = library.reading()
    assert 8 <= len(works) <= 12
    assert {work.topic for work in works} == {"coaching", "habits", "goals", "measurement"}
    assert all(1950 <= work.year <= 2025 for work in works)


def test_the_library_is_read_once() -> None:
    assert library.traps() is library.traps()
    assert library.areas(library.roles()[0])[0] is library.areas(library.roles()[0])[0]
    with pytest.raises(TypeError):
        library.wording()["compass.empty"] = "changed"  # type: ignore[index]


def test_every_file_of_the_library_is_read_and_none_is_left_lying() -> None:
    kept = {path.name for path in library.FOLDER.glob("*.toml")}
    assert kept == {f"{name}.toml" for name in (
        "consents", "ethics", "experiments", "growth", "questions", "reading", "roles", "traps", "vague",
        "wording",
    )}  # fmt: skip
    assert everything()


def test_questions_for_a_trap_stand_under_its_key() -> None:
    for trap in library.traps():
        group = library.questions(trap.key)
        assert group.minutes is None
        assert not set(group.questions) & set(trap.questions)
    assert [part.minutes for part in library.session_parts()].count(None) == 0


def test_no_text_leads_to_another_host_without_encryption() -> None:
    assert [path for path, text in everything() if "http:" in text or "ftp:" in text] == []
