"""The loops over votes, compiled by numba; the same results as in `plain`."""

import os

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # threads that wait leave the processor to others
os.environ.setdefault("NUMBA_SLP_VECTORIZE", "1")  # short loops that are unrolled run several numbers wide

from camphor.engine.opinion.kernels.fast.clouds import fit_clouds
from camphor.engine.opinion.kernels.fast.log import sort_log, tally
from camphor.engine.opinion.kernels.fast.polis import gram_times, nearest_centres, project
from camphor.engine.opinion.kernels.fast.sweeps import locate, sweep
from camphor.engine.opinion.kernels.fast.without import labels_without

__all__ = [
    "fit_clouds",
    "gram_times",
    "labels_without",
    "locate",
    "nearest_centres",
    "project",
    "sort_log",
    "sweep",
    "tally",
]
