"""The loops over votes, compiled by numba; the same results as in `plain`."""

from camphor.engine.opinion.kernels.fast.clouds import cloud_step
from camphor.engine.opinion.kernels.fast.log import sort_log, tally
from camphor.engine.opinion.kernels.fast.polis import gram_times, nearest_centres, project
from camphor.engine.opinion.kernels.fast.sweeps import locate, sweep

__all__ = [
    "cloud_step",
    "gram_times",
    "locate",
    "nearest_centres",
    "project",
    "sort_log",
    "sweep",
    "tally",
]
