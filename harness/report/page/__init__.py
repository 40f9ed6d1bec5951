"""The report as one page of HTML that needs nothing besides itself: to open from a disk, to send, to print, to keep."""

from harness.report.page.heat_map import HeatMap
from harness.report.page.render import html_page, write_html

__all__ = ["HeatMap", "html_page", "write_html"]
