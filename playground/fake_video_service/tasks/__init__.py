"""The video service as one of tasks: /v1/videos in three shapes, with the habits of those who speak it."""
