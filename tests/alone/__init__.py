"""Tries the page that runs in the browser alone, in Chromium with the network cut off."""
