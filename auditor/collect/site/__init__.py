"""The deployed site, looked at with a real browser.

One process and one browser for each site and visitor state. The way through the package:

    browser   which Chromium there is
    plan      what a visit is told: pages, limits, how hosts are reached
    watchdog  runs a visit in a process of its own, and ends it when it hangs
    child     that process: launch -> crawl -> page (hooks, events, storage) -> observations
    netlog    what the browser's network stack says it did: nothing may be missing
"""
