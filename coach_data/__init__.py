"""Everything Coach Compass knows, without a screen. Floors, from the top; imports go downwards only.

commands, arguments                         the command line: what is done, what can be said
cockpit, takeout                            what puts several of those below together
compass, matter, sight, team, imports …     what a screen asks for, across features
quick_log, cue_calendar, digest             what reaches in, and out, without a screen
publish                                     closed blocks become words that leads may read
review, drift                               what the days of one pair say, and say no longer
commitments                                 what is promised in a session
sessions                                    a conversation of two; below it its clock and its notes
outcomes, behaviours, entries, people …     one feature a module: reads end in ``_of``, writes are verbs
reader                                      what is in a file, for somebody with these indicators
plan, annotations                           what is agreed at present; what is marked on the time axis
erasure, invitations                        somebody is left out when the file is written anew; or let in
releases                                    what was published; written once, taken back by erasure only
privacy                                     who sees and who writes what: ``Visit`` and its two doors
settled, writers, access_log, devices       whose data are seen; who writes what; who looked; who is here
engines                                     the address decides: a data file, or a PostgreSQL server
backups, move                               a copy of the data file; from a file to a server and back
file_store, postgres                        one encrypted file for one process; one database for several
store                                       what everything above asks of the tables
turns                                       who is alone with what; what all who wait want, done at once
statistics, library                         pure numbers; texts and templates kept as data
text, dates, durable                        clean words; local days; what was written stays
model                                       the words of the product as records and enums
"""

import os

# One thread for each product of matrices, and that before numpy is loaded: many visits share the
# processors, and the products are small. statistics.threads takes several where it pays.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
