"""An outcome together with where it came from."""

from dataclasses import dataclass
from typing import Generic, TypeVar

O_co = TypeVar("O_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Answer(Generic[O_co]):
    """What an operation answered; `demo` says that it is made up, and the caller must be told so.

    An operation that can never answer made-up data returns its outcome bare; one that may returns `Answer[A | B]`.
    """

    outcome: O_co
    demo: bool = False
