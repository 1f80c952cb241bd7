"""Probes: what scripts read that tells one device from another, and hear of what visitors do.

They run in the page before its first script: `watching.js` counts and tells, `device.js` and
`visitors.js` say what is counted. `probing` hears them, `following` puts together who records
visits. Nobody looks into workers, where no such script can be first.
"""
