"""The arrays that kernels work on."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Columns = NDArray[np.int32]
Values = NDArray[np.int8]
Groups = NDArray[np.int8]
"""A group, or -1 for none, of each vote or participant."""
