"""Where EM over clouds ends, and within what bounds a cloud's shape is kept."""

SETTLED = 5e-4
"""EM ends where a step gains less likelihood a person: later ones follow the shape of a crowd more closely
than they serve to find groups."""
NARROWEST, WIDEST = 0.02, 1.0
"""Eigenvalues of a cloud's covariance; the prior of an ideal point has 1."""
NOBODY = 1e-9
"""The least size of a cloud, so that one that everybody left does not divide by zero."""
