"""A ComfyUI server as it answers over HTTP and its WebSocket, with films of the playground's in place of models."""
