"""What changed between two policies, two files of evidence or two reports.

`sources` reads what is given, and says of what kind it is; `policies` and `evidence` compare
(reports are compared by `auditor.findings`); `announcing` asks whether people were told;
`telling` says it in lines, which `terminal` and `markdown` write.
"""
