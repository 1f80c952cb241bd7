"""GitHub: who has access to an organization, who was invited, what its automation keeps.

A thousand people of a kind take 10 requests. How long logs are kept takes one; where only
repositories may be asked, one for each. GitHub allows 5,000 requests an hour.
"""

from typing import Final

from auditor.collect.accounts import github_people, github_settings
from auditor.collect.accounts.connector import Connector, Question
from auditor.collect.accounts.github_organization import API, headers
from auditor.collect.rest import Service
from auditor.evidence import Aspect, Gap, Reason

_PEOPLE: Final = (Aspect.TABLES, Aspect.FIELDS, Aspect.SUBJECTS)
_DATED: Final = (*_PEOPLE, Aspect.AGES)
_SET: Final = (Aspect.SETTINGS,)

GITHUB: Final = Connector(
    name="github",
    service=Service(name="GitHub", hosts=(API,), rest=15.0),
    questions=(
        Question(
            what="members",
            permission="the organization's permission Members (read), or the scope read:org",
            aspects=_PEOPLE,
            ask=github_people.members,
        ),
        Question(
            what="outside collaborators",
            permission="the organization's permission Members (read), of an owner",
            aspects=_PEOPLE,
            ask=github_people.collaborators,
        ),
        Question(
            what="invitations",
            permission="the organization's permission Members (read), of an owner",
            aspects=_DATED,
            ask=github_people.invitations,
        ),
        Question(
            what="personal access tokens",
            permission="a GitHub App with Personal access tokens (read): no user's token may",
            aspects=_DATED,
            ask=github_people.tokens,
        ),
        Question(
            what="retention of artifacts and logs",
            permission="the organization's permission Administration (read)",
            aspects=_SET,
            ask=github_settings.retention,
        ),
        Question(
            what="retention of caches",
            permission="the organization's permission Administration (read)",
            aspects=_SET,
            ask=github_settings.caches,
        ),
        Question(
            what="installed apps",
            permission="the organization's permission Administration (read), of an owner",
            aspects=_SET,
            ask=github_settings.apps,
        ),
        Question(
            what="open secrets",
            permission="Secret scanning alerts (read), of an owner or security manager",
            aspects=_SET,
            ask=github_settings.alerts,
        ),
        Question(
            what="what the token may change",
            permission="any token",
            aspects=(Aspect.PRIVILEGES,),
            ask=github_settings.rights,
        ),
    ),
    credential="a fine-grained personal access token of an owner, its resource owner the"
    " organization, with Members (read) and Administration (read)",
    headers=headers,
    cannot_show=(
        Gap(
            what="what people wrote in repositories, issues and discussions",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="it is not read here: audit a checkout with the code scope, and attest how"
            " requests for erasure are met in the rest",
            aspects=(Aspect.TABLES,),
        ),
        Gap(
            what="when members were last active",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="only the audit log of Enterprise Cloud shows it: attest how people who have"
            " left are removed",
            aspects=(Aspect.AGES,),
        ),
    ),
    find=github_people.find,
    finds_by=("email", "id"),
)
