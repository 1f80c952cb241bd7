"""The deployed site, looked at with a real browser.

One process and one browser for each site and visitor state. The way through the package:

    browser    which Chromium there is; selftest: whether it shows what a site does
    planning   from policy.yaml to a plan: pages, limits, logins, how hosts are reached
    visit      each visit in a process of its own, ended from outside if it hangs (watchdog)
    child      that process: launch -> visitor (crawl, tab) -> what it sees (said) -> record
    traffic    requests; answers: cookies, TLS, keys; storage; hooks: who wrote it
    jar        cookies that nobody was seen setting
    netlog     what the browser's network stack says it did; witness: nothing may be missing
"""
