"""What the reports look like on paper; needs Chromium, so that no test of the suite does it."""
