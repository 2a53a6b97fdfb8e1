"""Work in parts: in their order, and the same however many threads there are."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest

from coach_data.statistics.threads import each, in_threads


def test_numpy_is_told_to_keep_to_one_thread_before_it_is_loaded():
    told = (
        "import sys, os, coach_data; assert 'numpy' not in sys.modules;"
        " print(os.environ['OPENBLAS_NUM_THREADS'])"
    )
    known = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
    run = subprocess.run([sys.executable, "-c", told], env=known, capture_output=True, check=True)
    assert run.stdout == b"1\n"


@pytest.mark.parametrize("processors", [1, 8, None])
def test_what_comes_back_is_in_the_order_of_the_parts(monkeypatch, processors):
    monkeypatch.setattr("os.cpu_count", lambda: processors)
    parts = list(range(40))
    assert list(each(lambda part: part * part, parts)) == [part * part for part in parts]
    assert list(each(str, [])) == []


def test_one_part_needs_no_thread():
    here = threading.get_ident()
    assert list(each(lambda _: threading.get_ident(), [1])) == [here]


def test_what_goes_wrong_in_a_part_is_told():
    def work(part):
        if part == 3:
            raise ValueError("the third")

    with pytest.raises(ValueError, match="the third"):
        in_threads(work, range(5))
