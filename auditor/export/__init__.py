"""What policy.yaml can write for you: tables for the notice, the record of processing, and more.

A format is a `Format`: those built in stand in `FORMATS`, others come by the entry-point group
`auditor.exports`. Each is a plain function of the policy and, if it reads one, of a report.
"""

from auditor.export.format import LANGUAGES, Format, Renderer, Wanted
from auditor.export.registry import FORMATS, formats

__all__ = ["FORMATS", "LANGUAGES", "Format", "Renderer", "Wanted", "formats"]
