"""Consent banners: is there one, a choice made in it, and whether it was really made.

consent      one visitor's way: look, choose, confirm
steps        the way that the policy describes
autoconsent  rules for hundreds of banners
finder       what the buttons of any other banner say; `driving` goes through its layers
statements   what the page itself says of the choice; `outcome` weighs it
worlds       scripts of ours, out of the page's reach
"""

from auditor.collect.site.consent.consent import Consent
from auditor.collect.site.consent.consent_mode import ConsentMode, consent_mode
from auditor.collect.site.consent.tcf import TcString, read_tc_string

__all__ = ["Consent", "ConsentMode", "TcString", "consent_mode", "read_tc_string"]
