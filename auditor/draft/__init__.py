"""A first policy.yaml, drafted from what a notice says and what a site was seen to do.

`told` makes entries of a notice's facts, `seen` of a visit, `writing` puts them into a file: new,
or one that is there, to which it only adds. Each entry says where it comes from; what nobody has
decided is `TODO`, what speaks against each other is marked `CONFLICT`. So a draft loads, and is
never green.
"""

from auditor.draft.entries import Entry
from auditor.draft.seen import from_findings, hosts_of
from auditor.draft.told import Told, from_notice
from auditor.draft.writing import Written, write_draft

__all__ = ["Entry", "Told", "Written", "from_findings", "from_notice", "hosts_of", "write_draft"]
