"""Google Meet: conferences, who was in them, and their recordings and transcripts in Drive.

A thousand conferences take 30 requests, four more each for who was there and what was recorded;
a thousand files in Drive take one. Names of people, meetings and files are counted, never kept.
"""

from typing import Final

from auditor.collect.accounts.connector import Connector, Question
from auditor.collect.accounts.google_meet_conferences import MEET, conferences, participants
from auditor.collect.accounts.google_meet_files import DRIVE, files
from auditor.collect.credentials import google
from auditor.collect.rest import Service
from auditor.evidence import Aspect, Gap, Reason

_MEETINGS: Final = "https://www.googleapis.com/auth/meetings.space.readonly"
_FILES: Final = "https://www.googleapis.com/auth/drive.meet.readonly"

GOOGLE_MEET: Final = Connector(
    name="google_meet",
    service=Service(name="Google Meet", hosts=(MEET, DRIVE), pause=0.1),
    questions=(
        Question(
            what="conferences",
            permission="the scope meetings.space.readonly",
            aspects=(Aspect.TABLES, Aspect.AGES, Aspect.SETTINGS),
            ask=conferences,
        ),
        Question(
            what="participants",
            permission="the scope meetings.space.readonly",
            aspects=(Aspect.TABLES, Aspect.FIELDS, Aspect.AGES, Aspect.SUBJECTS),
            ask=participants,
        ),
        Question(
            what="recordings and transcripts",
            permission="the scopes drive.meet.readonly and meetings.space.readonly",
            aspects=(Aspect.TABLES, Aspect.FIELDS, Aspect.AGES, Aspect.SETTINGS),
            ask=files,
        ),
    ),
    credential="an access token of the scopes meetings.space.readonly and drive.meet.readonly, for"
    " the account that organises the meetings",
    headers=google(_MEETINGS, _FILES),
    cannot_show=(
        Gap(
            what="conferences and recordings of other people",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="Google shows only what the account itself organised: declare one account of"
            " this policy for each person who organises meetings, or attest that nobody else does",
            aspects=(Aspect.TABLES, Aspect.AGES, Aspect.SUBJECTS),
        ),
        Gap(
            what="how long recordings are kept in Drive",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="no interface tells the retention rules of Vault: attest them, and attach a"
            " screen; without a rule files stay until somebody deletes them",
            aspects=(Aspect.SETTINGS,),
        ),
        Gap(
            what="what the credential may change",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="attest that the token has these two scopes only, and attach the consent screen"
            " or the entry of domain-wide delegation",
            aspects=(Aspect.PRIVILEGES,),
        ),
    ),
)
