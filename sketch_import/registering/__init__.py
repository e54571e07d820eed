"""A sheet photographed again: how the new photograph lies on the old one, and what was drawn in between."""

from sketch_import.registering.new_ink import new_ink
from sketch_import.registering.registration import Reason, Registration, Verdict, register

__all__ = ["Reason", "Registration", "Verdict", "new_ink", "register"]
