"""Charts where they say more than a table: SVG text sized in millimetres, for papers and web pages."""

from maps.charts.bread import bread_chart
from maps.charts.money import MoneyRows, money_by_source_chart
from maps.charts.status import status_over_time_chart
from maps.charts.votes import votes_by_group_chart

__all__ = ["MoneyRows", "bread_chart", "money_by_source_chart", "status_over_time_chart", "votes_by_group_chart"]
