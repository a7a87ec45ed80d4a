"""The loops over votes with numpy and scipy alone."""

from camphor.engine.opinion.kernels.plain.clouds import fit_clouds
from camphor.engine.opinion.kernels.plain.log import sort_log, tally
from camphor.engine.opinion.kernels.plain.polis import gram_times, nearest_centres, project
from camphor.engine.opinion.kernels.plain.sweeps import locate, sweep
from camphor.engine.opinion.kernels.plain.without import labels_without

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
