"""Pure functions on arrays: numbers in, frozen results and enum verdicts out.

No database, no wording, no clock and no global random state. ``nan`` in an array means *not known*
and never zero; a number that cannot be given is ``None``, never ``nan``.

    variation     one series: its usual range, the days outside it, the weekly signal, the needle
    association   does a behaviour move with a result, days or weeks later; verdicts: what follows
    fixation      is the aim still hit while the result no longer follows; bunching at the aim
    comparison    two weeks before against two weeks during: moved, no clear change, cannot tell
    pooling       the same question for a whole programme

    profile       one pair over several lags, against permuted whitened residuals
    slopes        one pair before and lately
    swap          many people: their own results against those of others
    innovations   many people: what is new about each of them each day
    threads       parts that know nothing of each other, at the same time
    noise         how noise remembers, and how to take the memory out
    series        the calendar grid, designs, gaps, outliers, intervals
"""
