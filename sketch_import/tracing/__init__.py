"""Find what was drawn: areas, lines, signs and writing, in the pixels of a photo."""

from sketch_import.tracing.pipeline import Trace, trace

__all__ = ["Trace", "trace"]
