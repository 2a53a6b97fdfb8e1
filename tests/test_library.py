"""The library: strict about its files, usable as records, and true to the tone of the product."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date

import pytest

from coach_data import library
from coach_data.library.loader import BadLibrary, flatten, parse
from coach_data.library.templates import Area, Roles, StartingAim, StartingLeading, Vague
from coach_data.model import Comparison, Kind, Measure, Period
from coach_data.text import LIMITS

AIM = 'comparison = "at least"\namount = 2\nperiod = "day"\n'
AREAS = [area for role in library.roles() for area in library.areas(role)]
LEADING = [(area, leading) for area in AREAS for leading in area.leading]

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


# --- the reader ------------------------------------------------------------------------------------


def test_a_file_as_described_is_read() -> None:
    aim = parse(StartingAim, AIM, "x.toml")
    assert aim == StartingAim(comparison=Comparison.AT_LEAST, amount=2.0, period=Period.DAY)
    assert isinstance(aim.amount, float)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (AIM + "amuont = 3\n", "amuont"),
        (AIM.replace("amount = 2\n", ""), "amount"),
        (AIM.replace("at least", "roughly"), "comparison"),
        (AIM.replace('"at least"', "[]"), "comparison"),
        (AIM.replace("2", '"two"'), "amount"),
        (AIM.replace("2", "true"), "amount"),
        (AIM.replace("2", "nan"), "amount"),
        ("amount = = 2", "TOML"),
    ],
)
def test_anything_else_is_refused_with_file_and_key(text: str, named: str) -> None:
    with pytest.raises(BadLibrary, match=named) as caught:
        parse(StartingAim, text, "x.toml")
    assert "x.toml" in str(caught.value)


def test_a_fault_deep_inside_names_the_way_to_it() -> None:
    text = (library.FOLDER / "roles.toml").read_text(encoding="utf-8")
    broken = text.replace("expected_lag = 5", "expected_leg = 5", 1)
    assert broken != text
    with pytest.raises(BadLibrary, match=r"roles\.toml: areas\[0\]: leading\[0\]: expected_leg"):
        parse(Roles, broken, "roles.toml")


def test_lists_are_not_empty_and_sets_hold_nothing_twice() -> None:
    good = 'words = ["a"]\nactivities = ["b"]\ninner_states = ["c"]\n'
    assert parse(Vague, good, "v.toml").words == frozenset({"a"})
    for wrong in ('["a", "a"]', "[]", '[""]', "[1]", '"a"'):
        with pytest.raises(BadLibrary, match=r"v\.toml: words"):
            parse(Vague, good.replace('["a"]', wrong), "v.toml")


def test_wording_holds_sentences_and_lists_only() -> None:
    assert flatten('[a.b]\nc = "d"\ne = ["f"]', "w.toml") == {"a.b.c": "d", "a.b.e": ("f",)}
    with pytest.raises(BadLibrary, match=r"w\.toml: a\.b"):
        flatten("[a]\nb = 1", "w.toml")


# --- starting points -------------------------------------------------------------------------------


def test_both_roles_have_areas_of_their_own() -> None:
    assert library.roles() == ("individual contributor", "mid-level manager")
    assert all(4 <= len(library.areas(role)) <= 5 for role in library.roles())
    assert len({area.key for area in AREAS}) == len(AREAS)
    with pytest.raises(KeyError, match="astronaut"):
        library.areas("astronaut")


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.key)
def test_an_area_is_a_whole_starting_point(area: Area) -> None:
    assert 3 <= len(area.leading) <= 5
    assert 1 <= len(area.experiments) <= 2
    names = [leading.name for leading in area.leading]
    assert len({*names, area.lagging.name}) == len(names) + 1
    assert any(leading.guard for leading in area.leading)
    result = area.lagging
    assert (result.target > result.baseline) == result.rising_is_better
    assert result.low is not None
    assert result.high is not None
    assert result.low <= min(result.baseline, result.target)
    assert max(result.baseline, result.target) <= result.high
    # A weekly result takes longer to read (statistics: 26 weeks before "no strong link").
    assert result.weeks >= (26 if result.period is Period.WEEK else 8)
    record = result.indicator(person_id=1, outcome_id=2)
    assert (record.kind, record.period) == (Kind.LAGGING, result.period)


@pytest.mark.parametrize(("area", "leading"), LEADING, ids=lambda item: getattr(item, "name", ""))
def test_a_behaviour_becomes_records_that_hold_together(
    area: Area, leading: StartingLeading
) -> None:
    record = leading.indicator(person_id=1, outcome_id=2, position=3)
    aim = leading.agreed(person_id=1, indicator_id=record.indicator_id, since=date(2026, 3, 2))
    assert (record.kind, record.person_id, record.outcome_id) == (Kind.LEADING, 1, 2)
    assert (record.low, record.high, record.position) == (leading.low, leading.high, 3)
    assert leading.controllable
    assert 1 <= leading.expected_lag <= 28, "the lags that the association check looks at"
    days = 7 if aim.period is Period.WEEK else 1
    assert leading.low <= aim.amount <= leading.high * days
    assert aim.amount > 0
    assert leading.low < leading.high
    ranges = {Measure.YES_NO: (0, 1), Measure.RATING: (1, 5)}
    assert (leading.low, leading.high) == ranges.get(leading.measure, (leading.low, leading.high))
    if leading.measure is Measure.MINUTES:
        assert leading.unit == "min"
    if leading.measure is Measure.YES_NO and aim.period is Period.WEEK:
        assert aim.amount <= 7
    if leading.guard:
        guard = leading.guard.indicator(person_id=1, outcome_id=2, guard_of=record.indicator_id)
        assert (guard.kind, guard.guard_of) == (Kind.GUARD, record.indicator_id)


def test_names_fit_the_fields_that_keep_them() -> None:
    for area in AREAS:
        guards = [leading.guard for leading in area.leading if leading.guard]
        named = [(item.name, item.unit) for item in area.leading]
        named += [(item.name, item.unit) for item in guards]
        for name, unit in [*named, (area.lagging.name, area.lagging.unit)]:
            assert len(name) <= LIMITS["name"]
            assert len(unit) <= LIMITS["unit"]
        for text in (area.goal, area.outcome, area.difference, area.noticed_by):
            assert len(text) <= 400


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
        "areas": tuple(AREAS),
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
