"""A sample programme: invented people whose half year of entries shows what the product can say.

shapes      what ``generate`` gives back: people, outcomes, indicators, aims, entries
recipes     how a person's numbers come about, as data
stories     the three people whom the tour shows
managers, contributors      the other coachees
common      what several people share
series      from a recipe to numbers: memory, weekly rhythm, effects with a lag, gaps
programme   ``generate``: the whole programme for a day; who shows what stands in its docstring
rhythm      habits, sprints and sessions, from rhythm.toml
load        writes the programme into a store, through the same doors as any screen
files       the CSV files in this folder, remade by ``python -m sample_data``
"""
