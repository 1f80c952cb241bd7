"""The compliance report of a quarter, told from a ledger of runs (GDPR Art. 5(2), 24, 39(1)(b)).

`period` says which days; `facts` and `findings` what came of them, and judge nothing anew;
`sections` puts it into words once, and `forms` writes those as Markdown, HTML, PDF and JSON.
"""

from auditor.quarterly.facts import Quarter, quarter
from auditor.quarterly.forms import FORMS, Form
from auditor.quarterly.period import Period, period_of

__all__ = ["FORMS", "Form", "Period", "Quarter", "period_of", "quarter"]
