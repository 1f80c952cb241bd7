"""What a job of GitHub Actions needs beside `audit`: the preview of a commit, and one comment.

`action.yml` calls it as `python -m auditor.ci`. Nothing here judges anything.
"""
