"""Pure functions on arrays: numbers in, frozen results and enum verdicts out.

No database, no wording, no clock and no global random state. ``nan`` in an array means *not known*
and never zero; a number that cannot be given is ``None``, never ``nan``.

    variation     one series: its usual range, the days outside it, the weekly signal, the needle
    association   does a behaviour move with a result some days later
    fixation      is the aim still hit while the result no longer follows
    pooling       the same question for a whole programme
    series        what they share: the calendar grid, designs, gaps, outliers
    noise         what they share: how noise remembers, and how to take the memory out
"""
