"""The floor: the least that a Flask view with a session in Redis does. It knows no menu, service or secret."""

import os

from flask import Flask, request
from redis import Redis

_SESSION = b'{"state":"menu","language":"en","pin":"110001","turn":3,"offices":["110001-1","110001-2"]}'
_LIFE = 180


def create_app() -> Flask:
    """A Flask application with one view; the session's place is in the environment, REDIS_URL."""
    app = Flask(__name__)
    redis = Redis.from_url(os.environ["REDIS_URL"])

    @app.post("/ussd/africastalking")
    def turn() -> tuple[str, dict[str, str]]:
        key = f"floor:{request.form['sessionId']}"
        with redis.pipeline(transaction=False) as pipe:
            pipe.get(key)
            pipe.set(key, _SESSION, ex=_LIFE)
            pipe.execute()
        return f"CON Answer to {request.form['text']}", {"Content-Type": "text/plain"}

    @app.get("/readyz")
    def ready() -> str:
        return "ready"

    return app
