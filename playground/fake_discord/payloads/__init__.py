"""The JSON that the fake Discord sends."""
