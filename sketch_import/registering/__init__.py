"""A sheet photographed again: how the new photograph lies on the old one, and what was drawn in between."""

from sketch_import.registering.new_ink import new_ink
from sketch_import.registering.registration import Reason, Registration, Verdict, confirm_by_paper, register

__all__ = ["Reason", "Registration", "Verdict", "confirm_by_paper", "new_ink", "register"]
