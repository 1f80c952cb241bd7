"""The ledger of runs: what was found, on which day, by which policy; nothing in it ever changes.

A ledger is a folder, or one in a bucket (`policy-auditor[bucket]`). An entry is a small file
`000001.json`; what it speaks of lies beside it under the digest of its content. Each entry holds
the seal of the one before, so that a byte that changes anywhere is found and named.
"""

from auditor.history.entry import Entry, Records, Run, Seen
from auditor.history.ledger import Fault, Ledger, Page, append, read_ledger, stamp
from auditor.history.stamping import Stamp, roots_in
from auditor.history.storage import Storage, storage_at

__all__ = [
    "Entry",
    "Fault",
    "Ledger",
    "Page",
    "Records",
    "Run",
    "Seen",
    "Stamp",
    "Storage",
    "append",
    "read_ledger",
    "roots_in",
    "stamp",
    "storage_at",
]
