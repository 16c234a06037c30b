"""
A finished video made what Discord takes and plays: H.264 and AAC in an MP4 whose index comes first, below a size.

``python -m bot.media.videos.fitted SOURCE TARGET LIMIT`` does it in a process of its own, which ``fitter.py`` starts;
LIMIT is in bytes. Needs PyAV, the extra ``fit``.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.video.stream import VideoStream

from bot.concurrency.process_limits import set_limits
from bot.media.videos.problems import Fit, VideoError, VideoProblem

MAX_MEMORY = 400_000_000  # bytes of its own; 1080p takes 150 MB, and 4K half as much again
MAX_TIME = 120  # seconds of the processor for all tries; 10 s of 1080p take 10
MAX_SECONDS = 900.0  # of a video
MAX_SIDE = 1920  # pixels of what is encoded; a larger one takes memory that nobody sees
_MAX_PIXELS = 4096 * 4096  # of what is decoded
_LEAST_SIDE = 160  # pixels of the shorter side; a smaller one shows nothing
_BITS = 0.05  # of a pixel, on average; with fewer, a smaller frame looks better
_FEWEST_BITS = 0.02
_SHARE = 0.96  # of the limit that is aimed at: the index takes some
_LESS = 0.75  # of it after a try that came out too large
_TRIES = 3
_SOUND = 96_000  # bits a second
_SOUND_SHARE = 0.2  # of all bits at most
_RATES = (Fraction(1), Fraction(120))  # frames a second that are believed
# Only these: other demuxers follow links that stand in the file, to the network and to files of this machine.
_CONTAINERS = {b"ftyp": "mov", b"moov": "mov", b"mdat": "mov", b"free": "mov", b"wide": "mov", b"skip": "mov"}
_OPENING = {"protocol_whitelist": "file", "max_streams": "16", "enable_drefs": "0"}
_NO_ROOM = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))  # Windows has no quotas
_PLAIN = ("yuv420p", "yuvj420p")


def fit_video(source: Path, target: Path, limit: int) -> Fit:
    """
    Write the video in ``source`` to ``target``, at most ``limit`` bytes, and return what was done: what Discord plays
    is copied if it fits. Raises VideoError, OSError, and MemoryError where the process has a limit. Blocks.
    """
    try:
        with _opened(source) as container:
            if _plays(_video(container), container):
                _copy(container, target, limit)
                if target.stat().st_size <= limit:
                    return Fit.REWRITTEN
        _encode_below(source, target, limit)
    except av.FFmpegError as error:
        if isinstance(error, MemoryError):
            raise
        if error.errno in _NO_ROOM:
            raise OSError(f"no room for it: {error}") from error
        raise VideoError(VideoProblem.DAMAGED) from error
    return Fit.SMALLER if source.stat().st_size > limit else Fit.CONVERTED


def _opened(source: Path) -> InputContainer:
    with source.open("rb") as file:
        head = file.read(8)
    kind = "matroska" if head[:4] == b"\x1a\x45\xdf\xa3" else _CONTAINERS.get(head[4:8])
    if kind is None:
        raise VideoError(VideoProblem.DAMAGED)
    try:
        return av.open(f"file:{source}", format=kind, options=_OPENING, metadata_errors="replace")
    except MemoryError as error:  # it has more tracks than are read, or an index that takes all memory
        raise VideoError(VideoProblem.DAMAGED) from error


def _video(container: InputContainer) -> VideoStream:
    if not container.streams.video:
        raise VideoError(VideoProblem.DAMAGED)
    video = container.streams.video[0]
    if not 0 < video.width * video.height <= _MAX_PIXELS:
        raise VideoError(VideoProblem.TOO_HEAVY)
    return video


def _sound(container: InputContainer) -> AudioStream | None:
    return next(iter(container.streams.audio), None)


def _plays(video: VideoStream, container: InputContainer) -> bool:
    sound = _sound(container)
    return (
        video.codec_context.name == "h264"
        and video.codec_context.pix_fmt in _PLAIN
        and (sound is None or sound.codec_context.name in ("aac", "mp3"))
    )


def _written(target: Path) -> OutputContainer:
    return av.open(f"file:{target}", "w", format="mp4", options={"movflags": "+faststart"})


def _copy(container: InputContainer, target: Path, limit: int) -> None:
    """Copy picture and sound. What grows beyond ``limit`` bytes is broken off, and still larger than that."""
    size = 0
    with _written(target) as out:
        taken = [stream for stream in (container.streams.video[0], _sound(container)) if stream]
        tracks = {stream.index: out.add_stream_from_template(stream) for stream in taken}
        for packet in container.demux(taken):
            if packet.dts is not None:
                packet.stream = tracks[packet.stream.index]
                out.mux(packet)
                size += packet.size
            if size > limit:
                return


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a video is encoded: ``bits`` a second for the picture, ``sound`` for what is heard, 0 for none."""

    width: int
    height: int
    rate: Fraction
    bits: int
    sound: int


def _plan(video: VideoStream, container: InputContainer, size: float) -> _Plan:
    """Return how it becomes ``size`` bytes. Raises VideoError where it would show nothing."""
    seconds = _seconds(video, container)
    if seconds > MAX_SECONDS:
        raise VideoError(VideoProblem.TOO_LONG)
    total = 8 * size / (seconds + 1)  # the encoder may be ahead by a second of bits
    sound = int(min(_SOUND, total * _SOUND_SHARE)) if _sound(container) else 0
    bits, rate = total - sound, min(max(video.average_rate or Fraction(24), _RATES[0]), _RATES[1])
    side, short = max(video.width, video.height), min(video.width, video.height)
    wanted = min(1.0, MAX_SIDE / side, (bits / (float(rate) * _BITS * video.width * video.height)) ** 0.5)
    scale = max(wanted, min(1.0, _LEAST_SIDE / short))
    width, height = (max(2, round(pixels * scale / 2) * 2) for pixels in (video.width, video.height))
    if max(width, height) > MAX_SIDE + 1 or bits < float(rate) * _FEWEST_BITS * width * height:
        raise VideoError(VideoProblem.TOO_LONG)
    return _Plan(width, height, Fraction(rate).limit_denominator(1001), int(bits), sound)


def _seconds(video: VideoStream, container: InputContainer) -> float:
    of_track = float(video.duration * video.time_base) if video.duration and video.time_base else 0.0
    return max(of_track, (container.duration or 0) / av.time_base, 0.1)


def _encode_below(source: Path, target: Path, limit: int) -> None:
    aim = limit * _SHARE
    for _ in range(_TRIES):
        with _opened(source) as container:
            _encode(container, target, _plan(_video(container), container, aim), limit)
        if target.stat().st_size <= limit:
            return
        aim *= _LESS
    raise VideoError(VideoProblem.TOO_HEAVY)


def _encode(container: InputContainer, target: Path, plan: _Plan, limit: int) -> None:
    """Encode once. What grows beyond ``limit`` bytes is broken off, and still larger than that."""
    video, sound = _video(container), _sound(container) if plan.sound else None
    video.codec_context.options = {"max_pixels": str(_MAX_PIXELS)}
    video.codec_context.thread_count = 1  # the others are the bot's
    parent, frames, size = os.getppid(), 0, 0
    with _written(target) as out:
        picture = _picture_track(out, plan, video.time_base or Fraction(1, 90_000))
        heard = _sound_track(out, plan, sound) if sound else None
        for packet in container.demux([stream for stream in (video, sound) if stream]):
            for frame in _frames(packet):
                shown = isinstance(frame, av.VideoFrame)
                frames += shown
                made = picture.encode(_scaled(frame, plan)) if shown else heard.encode(frame) if heard else []
                size += sum(each.size for each in made)
                out.mux(made)
            if os.getppid() != parent:
                raise SystemExit(2)  # the bot is gone, and nobody waits for this
            if size > limit:
                return
        if not frames:
            raise VideoError(VideoProblem.DAMAGED)
        for track in (picture, heard):
            if track:
                out.mux(track.encode(None))


def _frames(packet: Any) -> Iterator[Any]:
    """Yield what the packet shows. One that is damaged shows nothing: the rest is worth having."""
    try:
        yield from packet.decode()
    except av.InvalidDataError:
        return


def _picture_track(out: OutputContainer, plan: _Plan, time_base: Fraction) -> VideoStream:
    track = out.add_stream(
        "libx264",
        rate=plan.rate,
        options={"preset": "veryfast", "crf": "20", "maxrate": str(plan.bits), "bufsize": str(plan.bits)},
    )
    track.width, track.height, track.pix_fmt = plan.width, plan.height, "yuv420p"
    track.time_base = track.codec_context.time_base = time_base
    track.codec_context.thread_count = 1
    return track


def _sound_track(out: OutputContainer, plan: _Plan, sound: AudioStream) -> AudioStream:
    rate = sound.codec_context.sample_rate
    track = out.add_stream("aac", rate=rate if rate in (44_100, 48_000) else 48_000, layout="stereo")
    track.bit_rate = plan.sound
    return track


def _scaled(frame: av.VideoFrame, plan: _Plan) -> av.VideoFrame:
    if frame.width * frame.height > _MAX_PIXELS:
        raise VideoError(VideoProblem.TOO_HEAVY)
    scaled = frame.reformat(plan.width, plan.height, "yuv420p")
    scaled.pict_type = 0  # the encoder decides where its own key frames are
    return scaled


def _answer(source: Path, target: Path, limit: int) -> dict[str, str]:
    """Fit the video; return the ``fit`` that was made, the ``problem`` with it, or the machine's own ``trouble``."""
    try:
        return {"fit": fit_video(source, target, limit)}
    except VideoError as error:
        return {"problem": error.problem}
    except MemoryError:
        return {"problem": VideoProblem.TOO_HEAVY}
    except OSError as error:
        return {"trouble": str(error)}


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(15)
    set_limits(MAX_MEMORY, MAX_TIME)
    sys.stdout.write(json.dumps(_answer(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))))
