"""The scalar types of evidence."""

from typing import Annotated

from msgspec import Meta

Name = Annotated[str, Meta(max_length=1000)]
Count = Annotated[int, Meta(ge=0)]
