"""`python -m bench turns` measures whole turns; `python -m bench profile` says where their time goes."""

import argparse
import sys
from pathlib import Path


def main() -> int:
    """0, or 1 with a sentence when something could not be measured or was answered wrongly."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    turns = kinds.add_parser("turns", help="whole USSD turns next to the floor and the fastest peer, in one run")
    turns.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as one JSON object")
    turns.add_argument("--seconds", type=float, default=3.0, help="length of one round of one server (default 3)")
    turns.add_argument("--rounds", type=int, default=5, help="rounds (default 5)")
    profile = kinds.add_parser("profile", help="microseconds of one turn by function, in one process")
    profile.add_argument("--dialogues", type=int, default=600, help="dialogues of five turns (default 600)")
    profile.add_argument("--lines", type=int, default=45, help="functions shown (default 45)")
    chosen = parser.parse_args()
    if chosen.kind == "turns" and (chosen.rounds < 1 or chosen.seconds <= 0):
        parser.error("--rounds must be at least 1 and --seconds above 0")
    try:
        if chosen.kind == "turns":
            from bench.report import figures, lines
            from bench.turns import run

            seen = run(chosen.seconds, chosen.rounds)
            print(*lines(seen), sep="\n")
            if chosen.json:
                chosen.json.write_text(figures(seen).json())
        else:
            from bench.profile import profile_turns

            profile_turns(chosen.dialogues, chosen.lines)
    except (RuntimeError, OSError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
