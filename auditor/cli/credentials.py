"""`audit doctor --accounts`: what each credential may see, tried for real."""

import os
import sys
from datetime import UTC, datetime

from auditor.collect.accounts.collecting import AccountLooking, try_accounts
from auditor.policy import Policy
from auditor.report.safe import visible


def try_credentials(policy: Policy) -> bool:
    """Print a row for each question that an account is asked; return whether all are answered."""
    looking = AccountLooking(secrets=os.environ, as_of=datetime.now(UTC).date())
    missing = number = 0
    for tried in try_accounts(policy, policy.accounts, looking):
        number += 1
        missing += not tried.ok
        row = f"{'ok' if tried.ok else 'NO':4}{tried.account:21}{visible(tried.what, 200)}"
        sys.stdout.write(f"{row}\n")
        if not tried.ok:
            for line in filter(None, (tried.needs, tried.permission)):
                sys.stdout.write(f"      {visible(line, 500)}\n")
    if not policy.accounts:
        sys.stdout.write("the policy declares no accounts\n")
    elif missing:
        sys.stdout.write(f"\n{missing} of {number} questions are not answered\n")
    else:
        sys.stdout.write("\nevery credential may see what it is asked for\n")
    return not missing
