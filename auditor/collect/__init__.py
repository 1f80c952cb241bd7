"""Looking: each collector turns one kind of source into evidence, and judges nothing.

What a collector could not observe it writes down as a gap. An error (`CollectError`) is only what
the person who started the audit can mend: a file that is not what it should be.
"""
