"""The folder of flows, read once: flows, wordings and languages made ready for the engine.

The sources are texts by name, so that a version of the flows can be kept elsewhere and read again (see decision 0011).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from flows import languages, read_yaml
from flows.catalogues import catalogues
from flows.engine.model import Flow, Flows, Signature
from flows.engine.problems import Problem
from flows.engine.wording import Catalogue

FLOWS = Path(__file__).resolve().parent
_VERSION_BYTES = 4
COMMON, TERMS = "common.yaml", "terms.yaml"


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that the folder holds, ready; `problems` are what kept a file from being read."""

    flows: Flows
    catalogues: Mapping[str, Catalogue]
    languages: Mapping[str, languages.Language]
    sources: Mapping[str, str]
    problems: tuple[Problem, ...]


def read_sources(folder: Path = FLOWS) -> Mapping[str, str]:
    """The texts of the folder by name, e.g. `common/pin.yaml`, `locales/hi.po`."""
    patterns = ("*.yaml", "common/*.yaml", "locales/*.po", "languages.toml")
    paths = sorted(path for pattern in patterns for path in folder.glob(pattern))
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def version_of(sources: Mapping[str, str]) -> str:
    """The version that these sources are: eight hexadecimal digits."""
    digest = blake2b(digest_size=_VERSION_BYTES)
    for name in sorted(sources):
        digest.update(f"{name}\0{sources[name]}\0".encode())
    return digest.hexdigest()


def load(sources: Mapping[str, str], signatures: Mapping[str, Signature], helpline: str = "") -> Library:
    """Read the sources; what cannot be read is left out and told in `problems`. Raises BadLanguages."""
    problems: list[Problem] = []
    common, wrong_common = read_yaml.common(f"flows/{COMMON}", sources[COMMON])
    terms, wrong_terms = read_yaml.terms(f"flows/{TERMS}", sources[TERMS])
    problems += [*wrong_common, *wrong_terms]
    by_name = _flows(sources, problems)
    tongues = languages.read(sources["languages.toml"])
    flows = Flows(
        version=version_of(sources),
        by_name=by_name,
        common=common,
        signatures=signatures,
        codes={flow.code: flow.name for flow in by_name.values() if flow.code},
        terms=terms,
        languages=tuple(tongues),
        languages_native={tag: language.native for tag, language in tongues.items()},
        helpline=helpline,
    )
    po = {name.removeprefix("locales/").removesuffix(".po"): sources[name] for name in sources if name.endswith(".po")}
    return Library(flows, catalogues(flows, tongues, po), tongues, sources, tuple(problems))


def _flows(sources: Mapping[str, str], problems: list[Problem]) -> Mapping[str, Flow]:
    by_name: dict[str, Flow] = {}
    for name, text in sources.items():
        if name.endswith(".yaml") and name not in (COMMON, TERMS):
            flow, wrong = read_yaml.flow(Path(name).stem, f"flows/{name}", text)
            problems += wrong
            if flow is not None:
                by_name[flow.name] = flow
    return by_name
