"""What happens to what people type: made-up data is typed in, and looked for where it may go.

`person` makes the data up, `fields` says which field wants what, `typist` types. `search` finds it
again in what goes out and in what is kept, however it is wrapped (`peel`) or digested (`needles`);
`listening` hands it all that goes out. `masking` keeps it out of the evidence.
"""
