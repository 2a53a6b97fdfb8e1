"""Import: look at a file first, answer what is unclear, then all of it or nothing."""

import streamlit as st

from coach_data.formats.everything import everything_in
from coach_data.imports import Choices, FileRefused, bring_in, preview_of
from coach_data.model import CoachError
from coach_data.plan import plan_of
from pages.parts.bring_back_parts import draw_bring_back
from pages.parts.cards import next_link
from pages.parts.file_preview import answers, show_file, show_refusals
from pages.parts.visit import start_visit

visit = start_visit("Import")
st.title("Import", anchor=False)

if not visit.own:
    st.text("Only the person whom the days belong to can bring them in.")
    st.stop()

st.text(
    "A CSV file or an Excel workbook with a column for the date and one for each indicator, or with "
    "one row for each value (date, indicator, value); or what Loop Habit Tracker, HabitBull, "
    "Beeminder, Daylio or Perfice export, or what you have exported from here. Nothing is saved before "
    "you have seen it."
)
file = st.file_uploader("File", type=["csv", "tsv", "txt", "zip", "xlsx", "json"], key="file")
if file is None:
    if not plan_of(visit).leading:
        st.caption("Indicators that are not here yet can be made from the names in the file.")
    st.stop()

asked: Choices = st.session_state.setdefault(f"choices:{file.file_id}", Choices())
bar = st.empty()
try:
    everything = everything_in(file.getvalue(), file.name)
    if everything is not None:
        draw_bring_back(visit, everything, file.name)
        st.stop()
    with st.spinner("Reading the file"):
        preview = preview_of(visit, file.getvalue(), file.name, asked, bar.progress)
except FileRefused as refusal:
    st.error(str(refusal), title="The file cannot be read", icon=":material/block:")
    st.stop()

bar.empty()
show_file(preview)
show_refusals(preview)
chosen = answers(preview, asked)
if chosen != asked:
    st.session_state[f"choices:{file.file_id}"] = chosen
    st.rerun()

if st.button("Bring it in", type="primary", disabled=not preview.ready, icon=":material/download:"):
    try:
        done = bring_in(visit, preview, lambda share: bar.progress(share, "Bringing it in"))
    except CoachError as problem:
        st.error(str(problem))
    else:
        bar.empty()
        st.success(
            f"{done.changes.new} new, {done.changes.changed} changed,"
            f" {done.changes.unchanged} were here already."
        )
        next_link("../compass.py", "Read the compass", "explore")
elif not preview.ready:
    st.caption("Answer the questions above first; until then nothing can be brought in.")
