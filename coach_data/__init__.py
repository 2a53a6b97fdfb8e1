"""Everything Coach Compass knows, without a screen. Floors, from the top; imports go downwards only.

cockpit, takeout                            what puts several of those below together
compass, review, sight, team, imports …     what a screen asks for, across features
quick_log, cue_calendar, digest             what reaches in, and out, without a screen
publish                                     closed blocks become words that leads may read
drift                                       does a result still follow a behaviour whose aim is met
outcomes, entries, people, pairings …       one feature a module: reads end in ``_of``, writes are verbs
erasure                                     somebody is left out when the data file is written anew
releases                                    what was published; written once, taken back by erasure only
privacy                                     who sees and who writes what: ``Visit`` and its two doors
store                                       one encrypted DuckDB file, one writer, one cursor a visit
statistics, library                         pure numbers; texts and templates kept as data
text, dates                                 clean words; local days
model                                       the words of the product as records and enums
"""
