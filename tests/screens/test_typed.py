"""What was typed is text on every screen, whatever it looks like."""

from __future__ import annotations

import re

import pytest

from coach_data.entries import Logged, log_day

NASTY = "<b>x</b> :red[y] # H ![](http://x.example/a.png) $z$"


@pytest.mark.abuse(1, 2, 3, 4, 5)
def test_what_was_typed_is_shown_to_the_letter(ann, plan, look, tab) -> None:
    (nasty,) = plan(ann, NASTY)
    log_day(look(), look().today, [Logged(indicator=nasty, value=2, note=NASTY)])
    for screen in ("welcome", "today", "compass", "outcome"):
        own = tab(ann).open(screen)
        if screen == "outcome":
            own.field("button_group", "Step").set_value("3 Behaviours").run()
        labels = [str(w.label) for kind in ("number_input", "text_input", "selectbox", "radio",
                  "expander", "button") for w in own.at.get(kind)]  # fmt: skip
        read_as_markdown = [m.value for m in own.at.markdown] + labels
        for text in read_as_markdown:
            bare = re.sub(r"\\.", "", text)  # a mark with a backslash before it is only a sign
            for mark in ("<", ":red", "[", "#", "$"):
                assert mark not in bare, f"{screen}: {text}"
        for html in own.at.get("html"):
            # what is said of a picture and of a day is text, wherever it ends
            silent = re.sub(r' (alt|data-told)="[^"]*"', "", html.proto.body)
            for tag in re.findall(r"<\w+[^>]*>", silent):
                assert "x.example" not in tag, f"{screen}: {tag}"
