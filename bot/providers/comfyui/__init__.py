"""A ComfyUI server: workflows that it runs, its queue, and the films that it saves."""
