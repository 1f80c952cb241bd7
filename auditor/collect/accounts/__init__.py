"""Data and settings at the processors, read through their own interfaces."""
