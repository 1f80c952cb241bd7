"""A site looked at without a policy: observations only, no verdict, kept in a folder.

bundle      the visit, and the folder with all that came of it
inventory   what was seen, in order: pages, hosts, cookies, storage, forms, keys, gaps
summary     the same as a few tables, for `terminal` and `markdown`
"""
