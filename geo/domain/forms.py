"""The papers that people hand in (DOMAIN.md section 10) and the files they come as."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["KEY_HEADING", "DocumentFormat", "FormKind"]

KEY_HEADING = "ayilmap"
"""Heading of the hidden column by which the rows of our own workbooks are known again."""


class FormKind(StrEnum):
    """Which paper it is, in the order of the cycle."""

    PARTICIPANT_LIST = "participant_list"
    SESSION_MINUTES = "session_minutes"
    SESSION_REPORT = "session_report"
    """Of all sessions of a village."""
    FOCUS_GROUP_REPORT = "focus_group_report"
    PLANNING_MEETING_REPORT = "planning_meeting_report"
    JOINT_ACTION_PLAN = "joint_action_plan"
    MONITORING_REPORT = "monitoring_report"


class DocumentFormat(StrEnum):
    """What a paper is written as."""

    PDF = "pdf"
    """To print and sign."""
    DOCX = "docx"
    """To go on writing in."""
    XLSX = "xlsx"
    """To go on reckoning in; lists and the plan only."""
