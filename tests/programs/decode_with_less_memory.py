"""A process that decodes, with half of the memory that it has elsewhere; prints its answer."""

import json
import sys
from pathlib import Path

from bot.media.pictures import safe as safe_picture

safe_picture.MAX_MEMORY //= 2
safe_picture.limit_this_process()
sys.stdout.write(json.dumps(safe_picture._answer(*map(Path, sys.argv[1:]))))
