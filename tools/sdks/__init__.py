"""The SDKs for the other languages of Pulumi, generated from the package's schema."""

from tools.sdks.generate import LANGUAGES, SdksNotGenerated, generate_sdks

__all__ = ["LANGUAGES", "SdksNotGenerated", "generate_sdks"]
