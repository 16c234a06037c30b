"""A ComfyUI server: its answers, its workflows, its films."""
