"""The checks of video services: by chat and tasks, and of a ComfyUI."""
