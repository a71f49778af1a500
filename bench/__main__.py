"""`python -m bench turns` measures whole turns, `profile` says where their time goes, `chaos` kills what it can."""

import argparse
import sys
import time
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
    chaos = kinds.add_parser("chaos", help="kill everything at random under load, then count every promise")
    chaos.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as one JSON object")
    chaos.add_argument("--transactions", type=int, default=2000, help="pretend callers (default 2000)")
    chaos.add_argument("--kills", type=int, default=60, help="processes killed (default 60)")
    chaos.add_argument("--seed", default="", help="the same draws as in an earlier run (default: by the clock)")
    chaos.add_argument("--database", default="", metavar="URL", help="an empty database (default: SQLite of its own)")
    chaos.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the run's files and logs there")
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
        elif chosen.kind == "chaos":
            return _chaos(chosen)
        else:
            from bench.profile import profile_turns

            profile_turns(chosen.dialogues, chosen.lines)
    except (RuntimeError, OSError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    return 0


def _chaos(chosen: argparse.Namespace) -> int:
    """0 when nothing was lost, sent twice or left undone, and the run was as large as it was asked to be."""
    from bench.chaos import run
    from bench.chaos_report import figures, lines, problems

    seed = chosen.seed or str(int(time.time()))
    print(f"bench: chaos with seed {seed}", file=sys.stderr, flush=True)
    seen = run(chosen.transactions, chosen.kills, seed, chosen.database, chosen.keep)
    made = figures(seen)
    print(*lines(seen), sep="\n")
    if chosen.json:
        chosen.json.write_text(made.json())
    found = problems(made)
    print(*(f"bench: {problem}" for problem in found), sep="\n", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
