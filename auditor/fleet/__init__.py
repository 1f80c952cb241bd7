"""Many audits: of policies and of websites, on this machine or on a cluster (`audit fleet`).

`targets` says what is audited, `job` audits one of them in a process of its own, `spread` does so
with all, and `results` keeps what came of each, so that a fleet goes on where it was interrupted.
"""

from auditor.fleet.job import Done, Job, run_job
from auditor.fleet.results import Entry, Results
from auditor.fleet.spread import spread
from auditor.fleet.targets import Target, read_targets

__all__ = ["Done", "Entry", "Job", "Results", "Target", "read_targets", "run_job", "spread"]
