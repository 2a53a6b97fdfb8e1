"""Today: one short list, one button. Yesterday and earlier days can be filled in or corrected."""

from datetime import timedelta

import streamlit as st

from coach_data.entries import ChangedMeanwhile, day_of, log_day, median_seconds_of
from coach_data.habits import habits_of, plan_sentence
from coach_data.library import words
from coach_data.model import CoachError
from coach_data.plan import plan_of
from coach_data.sprints import asked_of, running_of
from pages.parts.cards import empty_state, plain
from pages.parts.day_form import asides, ask, given, seen_of, show_history, show_month
from pages.parts.sprint_strip import draw_strip
from pages.parts.visit import start_visit

visit = start_visit("Today")
plan, running = plan_of(visit), running_of(visit)
st.title("Today", anchor=False)
draw_strip(running)

if not plan.leading and not asked_of(plan.made, running, visit.today):
    empty_state(words("today.empty"), "../outcome.py", "Choose behaviours")
    st.stop()

today, yesterday = visit.today, visit.today - timedelta(days=1)
which = st.segmented_control(
    "Day",
    ["Today", "Yesterday", "Earlier"],
    default="Today",
    required=True,
    key="which_day",
    label_visibility="collapsed",
)
day = yesterday if which == "Yesterday" else today
if which == "Earlier":
    day = st.date_input("Which day", today - timedelta(days=2), max_value=today, width=200)
    st.caption(words("today.backfill"))

asked = [*plan.asked(day), *asked_of(plan.made, running, day)]
rows = day_of(visit, day, asked)
seen = seen_of(rows, day, visit.now)
habits = habits_of(visit)

if not visit.own:
    st.caption(f"Only {plain(visit.about.name)} logs here; you see what is known.")
form, beside = st.columns([3, 2], gap="large")
with form, st.form("day", border=False):
    st.text(f"{day:%A}, {day.day} {day:%B}")
    for row in rows:
        habit = habits.get(row.indicator.indicator_id)
        sentence = plan_sentence(habit) if habit else ""
        ask(row, day, read_only=not visit.own, sentence=sentence, news=seen.news(row))
    asides(rows, day, read_only=not visit.own)
    pressed = st.form_submit_button(
        "Save", type="primary", width="stretch", disabled=not visit.own, key="save"
    )
    said = st.container()

if pressed:
    try:
        seconds = (visit.now - seen.opened).total_seconds()
        answers = [given(row, day, seen) for row in rows]
        count = log_day(visit, day, answers, seconds)
    except ChangedMeanwhile as told:
        fresh = day_of(visit, day, asked)
        seen.look(fresh, own=False)
        said.warning(words("errors.changed_elsewhere"), title=str(told))
        now_there = [f"{r.indicator.name}: {r.known.told(r.indicator)}" for r in fresh if r.known]
        said.text("\n".join(now_there))
    except CoachError as problem:
        said.error(str(problem), title="Nothing was saved; what you typed is still here")
    else:
        said.success(words("today.saved", count=count) if count else words("today.saved_nothing"))
        seen.saved(day_of(visit, day, asked), answers)

with beside:
    show_month(visit, day)
    if visit.own and (seconds := median_seconds_of(visit)) is not None:
        st.caption(words("today.median", seconds=round(seconds)))
    show_history(visit, day)
