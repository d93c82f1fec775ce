"""The keys of endpoints, as the last line before something is written down."""

import os

PREFIX = "EG_MODEL_KEY_"
KEY_REMOVED = "[key removed]"
SECRET_FROM = 8  # characters; what is shorter is a placeholder, and may be any word of a text


def without_keys(text: str) -> str:
    """Take every key out that this process knows: whatever failed may have it in its words."""
    for name, value in os.environ.items():
        key = value.strip()
        if name.startswith(PREFIX) and len(key) >= SECRET_FROM and key in text:
            text = text.replace(key, KEY_REMOVED)
    return text
