"""The source of a site, before it is deployed: whom it names.

`files` says which files; `markup`, `scripts`, `styles`, `manifests`, `headers` read a kind each;
`collecting` puts it together. Nothing that is read is run.
"""
