"""The words of values by voice: number tables in `languages`, one file a language, and rules by type.

`spoken` words one value as pieces, `vocabulary` lists every fixed piece of a language, `speech_form` is the text as a
synthesiser must get it. Nothing here knows a clock, a network or a person.
"""

from tts_prompts.values.pieces import PAUSE, Piece
from tts_prompts.values.speech_form import speech_form
from tts_prompts.values.spoken import spoken
from tts_prompts.values.tables import LANGUAGES
from tts_prompts.values.vocabulary import vocabulary

__all__ = ["LANGUAGES", "PAUSE", "Piece", "speech_form", "spoken", "vocabulary"]
