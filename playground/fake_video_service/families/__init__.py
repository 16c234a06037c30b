"""The families of video services that the fake one can imitate, by the word that selects each in a prompt."""

from __future__ import annotations

from collections.abc import Mapping

from playground.fake_video_service.families.asyncdata import Asyncdata, AsyncdataEnglish
from playground.fake_video_service.families.family import Family
from playground.fake_video_service.families.foaicmpl import Foaicmpl, FoaicmplChinese
from playground.fake_video_service.families.relays import Flow2Api, Grok2Api, Sub2Api
from playground.fake_video_service.families.sora2api import Sora2Api

FAMILIES: Mapping[str, type[Family]] = {
    "family-a": Foaicmpl,
    "family-a-zh": FoaicmplChinese,
    "family-b": Asyncdata,
    "family-b-en": AsyncdataEnglish,
    "family-c": Sora2Api,
    "family-d-sub2api": Sub2Api,
    "family-d-grok": Grok2Api,
    "flow2api": Flow2Api,
}
