"""Names of the column types: one-dimensional numpy arrays with a stated dtype."""

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
"""Qualities, bands and sides."""
Numbers = npt.NDArray[np.uint32]
"""Channel or vital numbers."""
Times = npt.NDArray[np.int64]
"""Nanoseconds since the Unix epoch, UTC."""
Values = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
"""Indices into other columns."""
