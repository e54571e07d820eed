"""Corrections drawn on a sheet that was printed with objects: what was added, crossed out, or drawn anew elsewhere."""

from sketch_import.changes.proposals import ChangeKind, Proof, ProposedChange, propose_changes
from sketch_import.changes.writing import changes_to_geojson

__all__ = ["ChangeKind", "Proof", "ProposedChange", "changes_to_geojson", "propose_changes"]
