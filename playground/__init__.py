"""A fake Discord and a fake video service as real local servers, for the demo, the web page and the tests."""
